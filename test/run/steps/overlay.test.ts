import {execFileSync} from 'node:child_process'
import {readdir, truncate} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, onTestFinished, test, vi} from 'vitest'
import type {Instance} from '../../../src/contract/instance.js'
import {readBaseImage} from '../../../src/disks/base-image.js'
import {backingNode, rootDiskArguments} from '../../../src/disks/root-disk.js'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'
import {overlayStep} from '../../../src/run/steps/overlay.js'
import {temporaryDirectory} from '../../temporary-directory.js'
import {noProgress, ofType, type SampleRun, sampleRun} from '../sample-run.js'
import {ScriptedMachine} from '../scripted-machine.js'

/** A run on a base image of 1 GiB, in a work directory of its own. */
async function runOnImage(instance: Partial<Instance> = {}): Promise<SampleRun & {readonly image: string}> {
  const directory = await temporaryDirectory()
  const image = join(directory, 'base.qcow2')
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', image, '1G'])
  const sample = sampleRun({instance: {image, ...instance}, workDirectory: directory})
  onTestFinished(() => sample.run.unwind())
  return {...sample, image}
}

test('an image with nothing to boot is told of at once, and no other', async () => {
  const {run, events, image} = await runOnImage()
  execFileSync('qemu-io', ['-f', 'qcow2', '-c', 'write -P 0x55 510 1', '-c', 'write -P 0xaa 511 1', image])
  await overlayStep.run(run, noProgress)
  expect(ofType(events, 'notice')).toEqual([])
  execFileSync('qemu-io', ['-f', 'qcow2', '-c', 'write -z 0 64k', image])
  const {run: other, events: told} = await runOnImage({image})
  await overlayStep.run(other, noProgress)
  expect(ofType(told, 'notice')).toEqual([
    {type: 'notice', text: expect.stringMatching(/^The image has no boot sector: /u)},
  ])
})

test.each([
  [undefined, '1 GiB', 1],
  ['80G', '80 GiB', 80],
])('the overlay is as large as the image unless asked otherwise: %s', async (size, title, gibibytes) => {
  const {run} = await runOnImage({'root-disk': size})
  expect(await overlayStep.run(run, noProgress)).toBe(`Overlay: ${title} on base.qcow2`)
  const [overlay] = run.commandLine.inherited
  const info = execFileSync('qemu-img', ['info', '-U', '--output=json', '/dev/fd/3'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit', overlay?.fd],
  })
  expect(JSON.parse(info)).toMatchObject({format: 'qcow2', 'virtual-size': gibibytes * 1024 ** 3})
})

test('the machine inherits the overlay to write to, and the image to read, and needs no name for them', async () => {
  const {run, image} = await runOnImage()
  await overlayStep.run(run, noProgress)
  expect(await readdir(run.workDirectory)).toEqual(['base.qcow2'])
  expect(run.commandLine.arguments).toEqual(
    rootDiskArguments({
      overlay: '/dev/fdset/1',
      base: backingNode((await readBaseImage(image)).top, () => '/dev/fdset/2'),
      device: x86_64.devices.disk,
    }),
  )
  const [overlay, base] = run.commandLine.inherited
  expect((await overlay?.stat())?.mode).toBe(0o10_0600)
  await expect(base?.write('bytes')).rejects.toThrow('EBADF')
})

test('an image that is written to while the guest runs ends the machine, and voids what the guest did', async () => {
  const {run, image} = await runOnImage()
  await overlayStep.run(run, noProgress)
  const machine = new ScriptedMachine()
  const failed = vi.spyOn(machine, 'fail')
  run.announceMachine(machine)
  await run.checkHeld()
  await truncate(image, 65_536)
  await expect.poll(() => failed.mock.calls).toHaveLength(1)
  expect(failed.mock.lastCall).toEqual([
    expect.objectContaining({message: expect.stringContaining(`the image ${image} was written to`)}),
  ])
  await expect(run.checkHeld()).rejects.toThrow(`the image ${image} was written to`)
})

test.each<[string, Partial<Instance>, string]>([
  [
    'an image that is not there',
    {image: '/proc/nonexistent/a.qcow2'},
    'the image /proc/nonexistent/a.qcow2 does not exist',
  ],
  ['a root-disk below the image’s size', {'root-disk': '1023M'}, 'is smaller than the image'],
])('%s is an error before anything is made', async (_, instance, message) => {
  const {run, image} = await runOnImage(instance)
  await expect(overlayStep.plan(run, '/by/hand')).rejects.toThrow(message)
  await expect(overlayStep.run(run, noProgress)).rejects.toThrow(message)
  expect(await readdir(join(image, '..'))).toEqual(['base.qcow2'])
})

test('its plan can be done by hand, and makes nothing', async () => {
  const {run, image} = await runOnImage({'root-disk': '2G'})
  expect(await overlayStep.plan(run, '/by/hand')).toEqual({
    title: 'Overlay: 2 GiB on base.qcow2',
    commands: [
      ['mkdir', '-m', '700', '/by/hand'],
      [
        ...['qemu-img', 'create', '-q', '-u', '-f', 'qcow2', '-F', 'qcow2'],
        ...['-b', image, '/by/hand/overlay.qcow2', String(2 * 1024 ** 3)],
      ],
    ],
  })
  expect(run.commandLine.arguments).toEqual(
    rootDiskArguments({
      overlay: '/by/hand/overlay.qcow2',
      base: backingNode((await readBaseImage(image)).top, ({path}) => path),
      device: x86_64.devices.disk,
    }),
  )
})
