import {execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {readdir, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {Instance} from '../../src/instances/instance.js'
import {rootDiskArguments} from '../../src/qemu/command-line.js'
import {overlayStep} from '../../src/steps/overlay.js'
import {noProgress, type SampleRun, sampleRun} from '../pipeline/sample-run.js'
import {temporaryDirectory} from '../temporary-directory.js'

/** A run on a base image of 1 GiB, in a work directory of its own. */
async function runOnImage(instance: Partial<Instance> = {}): Promise<SampleRun & {readonly image: string}> {
  const directory = await temporaryDirectory()
  const image = join(directory, 'base.qcow2')
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', image, '1G'])
  return {...sampleRun({instance: {image, ...instance}, workDirectory: directory}), image}
}

test('the overlay is as large as the image unless asked otherwise', async () => {
  const {run} = await runOnImage()
  expect(await overlayStep.run(run, noProgress)).toBe('Overlay: 1 GiB on base.qcow2')
})

test('the overlay is a disk of the size asked for, on the image', async () => {
  const {run, image} = await runOnImage({'root-disk': '80G'})
  expect(await overlayStep.run(run, noProgress)).toBe('Overlay: 80 GiB on base.qcow2')
  const overlay = join(run.directory, 'overlay.qcow2')
  const info = execFileSync('qemu-img', ['info', '--output=json', overlay], {encoding: 'utf8'})
  expect(JSON.parse(info)).toMatchObject({
    format: 'qcow2',
    'virtual-size': 80 * 1024 ** 3,
    'backing-filename': image,
    'backing-filename-format': 'qcow2',
  })
  expect(run.machineArguments).toEqual(rootDiskArguments({overlay, base: image}))
})

test('the overlay and its directory are their user’s alone', async () => {
  const {run} = await runOnImage()
  await overlayStep.run(run, noProgress)
  expect((await stat(run.directory)).mode & 0o777).toBe(0o700)
  expect((await stat(join(run.directory, 'overlay.qcow2'))).mode & 0o777).toBe(0o600)
})

test('what it made is removed again, and nothing else', async () => {
  const {run, image} = await runOnImage()
  await overlayStep.run(run, noProgress)
  await run.unwind()
  expect(existsSync(run.directory)).toBe(false)
  expect(existsSync(image)).toBe(true)
})

test.each<[string, Partial<Instance>, string]>([
  [
    'an image that is not there',
    {image: '/nonexistent/a.qcow2'},
    'the image /nonexistent/a.qcow2 does not exist',
  ],
  ['a root-disk below the image’s size', {'root-disk': '1023M'}, 'is smaller than the image'],
])('%s is an error before anything is made', async (_, instance, message) => {
  const {run, image} = await runOnImage(instance)
  await expect(overlayStep.plan(run)).rejects.toThrow(message)
  await expect(overlayStep.run(run, noProgress)).rejects.toThrow(message)
  expect(await readdir(join(image, '..'))).toEqual(['base.qcow2'])
})

test('its plan can be done by hand, and makes nothing', async () => {
  const {run, image} = await runOnImage({'root-disk': '2G'})
  expect(await overlayStep.plan(run)).toEqual({
    title: 'Overlay: 2 GiB on base.qcow2',
    commands: [
      ['mkdir', '-m', '700', run.directory],
      [
        ...['qemu-img', 'create', '-q', '-u', '-f', 'qcow2', '-F', 'qcow2'],
        ...['-b', image, join(run.directory, 'overlay.qcow2'), String(2 * 1024 ** 3)],
      ],
    ],
  })
  expect(existsSync(run.directory)).toBe(false)
  expect(run.machineArguments).toEqual(
    rootDiskArguments({overlay: join(run.directory, 'overlay.qcow2'), base: image}),
  )
})
