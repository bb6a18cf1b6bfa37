import {execFileSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {stat} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test, vi} from 'vitest'
import type {ConfigDisk} from '../../src/config-disks/config-disk.js'
import type {Machine} from '../../src/pipeline/machine.js'
import {configDiskStep} from '../../src/steps/config-disk.js'
import {noProgress, ofType, type SampleRun, sampleRun} from '../pipeline/sample-run.js'
import {ScriptedMachine} from '../pipeline/scripted-machine.js'
import {temporaryDirectory} from '../temporary-directory.js'

/** A kind of config disk that a test ejects. */
class Disk implements ConfigDisk {
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
  const step = configDiskStep({
    configDisk: disk,
    title: 'CD-ROM',
    modified: new Date(0),
    instancesFile: '/etc/instances.json',
  })
  const sample: SampleRun = sampleRun({
    workDirectory: await temporaryDirectory(),
    instance: {config: {token: '${{ env:TOKEN }}'}},
    config: {token: 'secret'},
  })
  sample.run.makeDirectory()
  return {...sample, disk, step, file: join(sample.run.directory, 'config-disk.iso')}
}

test('the disk holds the name and the config, placeholders resolved', async () => {
  const {run, step, file} = await prepared()
  expect(await step.run(run, noProgress)).toMatch(/^Config disk: CD-ROM, [\d.]+ KiB$/u)
  expect(execFileSync('isoinfo', ['-i', file, '-R', '-x', '/instance.json'], {encoding: 'utf8'})).toBe(
    '{"name":"vm-1","config":{"token":"secret"}}\n',
  )
})

test('the disk is its user’s alone, and the machine gets it', async () => {
  const {run, step, file} = await prepared()
  await step.run(run, noProgress)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(run.machineArguments).toEqual(['-disk', file])
})

test('the machine is watched from when it is there', async () => {
  const {run, step, disk} = await prepared()
  await step.run(run, noProgress)
  expect(disk.watched).toBeUndefined()
  const machine = new ScriptedMachine()
  run.announceMachine(machine)
  expect(disk.watched).toBe(machine)
})

test('when it is ejected its bytes leave the host, and that is told', async () => {
  const {run, events, step, disk, file} = await prepared()
  await step.run(run, noProgress)
  run.announceMachine(new ScriptedMachine())
  expect(existsSync(file)).toBe(true)
  disk.eject()
  await vi.waitFor(() => expect(ofType(events, 'config-disk-ejected')).toHaveLength(1))
  expect(existsSync(file)).toBe(false)
})

test('that an ejected disk is still open is told, and nothing is told to be gone', async () => {
  const {run, events, step, disk, file} = await prepared()
  await step.run(run, noProgress)
  run.announceMachine(new ScriptedMachine())
  disk.fail(new Error('in use'))
  await vi.waitFor(() =>
    expect(events).toEqual([{type: 'notice', text: 'The config disk could not be removed: in use'}]),
  )
  expect(existsSync(file)).toBe(true)
})

test('its plan names no secret, makes nothing, and comes down to vmrun itself', async () => {
  const {run, step, file} = await prepared()
  const plan = await step.plan(run)
  expect(plan).toEqual({
    title: 'Config disk: CD-ROM',
    commands: [['vmrun', 'build-iso', '--file', '/etc/instances.json', '--output', file, '--', 'vm-1']],
  })
  expect(existsSync(file)).toBe(false)
  expect(run.machineArguments).toEqual(['-disk', file])
})
