import {execFileSync} from 'node:child_process'
import {readdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, onTestFinished, test, vi} from 'vitest'
import type {ConfigDisk} from '../../../src/contract/config-disk.js'
import type {Machine} from '../../../src/contract/machine.js'
import {configDiskStep} from '../../../src/run/steps/config-disk.js'
import {openFiles} from '../../open-files.js'
import {temporaryDirectory} from '../../temporary-directory.js'
import {noProgress, ofType, type SampleRun, sampleRun} from '../sample-run.js'
import {ScriptedMachine} from '../scripted-machine.js'

/** A kind of config disk that a test ejects. */
class Disk implements ConfigDisk {
  readonly title = 'CD-ROM'
  watched: Machine | undefined
  eject: () => void = () => undefined
  fail: (error: Error) => void = () => undefined
  readonly arguments = (file: string): readonly string[] => ['-disk', file]
  readonly watch = (machine: Machine): Promise<void> => {
    this.watched = machine
    return new Promise((resolve, reject) => {
      this.eject = resolve
      this.fail = reject
    })
  }
}

async function prepared() {
  const disk = new Disk()
  const sample: SampleRun = sampleRun({
    workDirectory: await temporaryDirectory(),
    instance: {config: {token: '${{ env:TOKEN }}'}},
    config: {token: 'secret'},
    configDisk: disk,
  })
  onTestFinished(() => sample.run.unwind())
  return {...sample, disk, step: configDiskStep}
}

test('the disk holds the name and the config, placeholders resolved; it has no name, and can only be read', async () => {
  const {run, step} = await prepared()
  expect(await step.run(run, noProgress)).toMatch(/^Config disk: CD-ROM, [\d.]+ KiB$/u)
  expect(await readdir(run.workDirectory)).toEqual([])
  expect(run.commandLine.arguments).toEqual(['-disk', '/dev/fdset/1'])
  const [disk] = run.commandLine.inherited
  await expect(disk?.write('bytes')).rejects.toThrow('EBADF')
  const copy = join(run.workDirectory, 'copy.iso')
  await writeFile(copy, (await disk?.readFile()) ?? '')
  expect(execFileSync('isoinfo', ['-i', copy, '-R', '-x', '/instance.json'], {encoding: 'utf8'})).toBe(
    '{"name":"vm-1","config":{"token":"secret"}}\n',
  )
})

test('QEMU alone has the disk open once it is there, and closes it when it is ejected, which is told', async () => {
  const {run, events, step, disk} = await prepared()
  await step.run(run, noProgress)
  expect(disk.watched).toBeUndefined()
  const machine = new ScriptedMachine()
  const closed = vi.spyOn(machine, 'closeInherited')
  run.announceMachine(machine)
  expect(disk.watched).toBe(machine)
  await expect
    .poll(() => openFiles(process.pid))
    .not.toContainEqual(expect.stringContaining(run.workDirectory))
  expect(closed).not.toHaveBeenCalled()
  disk.eject()
  await expect.poll(() => ofType(events, 'config-disk-ejected')).toHaveLength(1)
  expect(closed).toHaveBeenCalledWith('/dev/fdset/1')
})

test('that an ejected disk is still open is told, and nothing is told to be gone', async () => {
  const {run, events, step, disk} = await prepared()
  await step.run(run, noProgress)
  run.announceMachine(new ScriptedMachine())
  disk.fail(new Error('in use'))
  await expect
    .poll(() => events)
    .toEqual([{type: 'notice', text: 'The config disk could not be removed: in use'}])
})

test('its plan names no secret, makes nothing, and comes down to vmrun itself', async () => {
  const {run, step} = await prepared()
  const file = '/by/hand/config-disk.iso'
  const plan = await step.plan(run, '/by/hand')
  expect(plan).toEqual({
    title: 'Config disk: CD-ROM',
    commands: [['vmrun', 'build-iso', '--file', '/etc/instances.json', '--output', file, '--', 'vm-1']],
  })
  expect(await readdir(run.workDirectory)).toEqual([])
  expect(run.commandLine.arguments).toEqual(['-disk', file])
})
