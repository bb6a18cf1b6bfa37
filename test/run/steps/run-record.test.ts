import {existsSync} from 'node:fs'
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import type {Machine, MachineEnd} from '../../../src/contract/machine.js'
import type {HostUser} from '../../../src/contract/run.js'
import {identityOf, ownIdentity} from '../../../src/residue/process-identity.js'
import type {RecordContent} from '../../../src/residue/run-record.js'
import {runRecordStep} from '../../../src/run/steps/run-record.js'
import {dead, killGroup, type RealProcess, running} from '../../residue/processes.js'
import {runId, writeRecord} from '../../residue/written-record.js'
import {temporaryDirectory} from '../../temporary-directory.js'
import {noProgress, ofType, type SampleRun, sampleRun} from '../sample-run.js'
import {ScriptedMachine} from '../scripted-machine.js'

interface Recorded extends SampleRun {
  /** The state directory, which is not there yet. */
  readonly directory: string
}

async function prepared(): Promise<Recorded> {
  const directory = path.join(await temporaryDirectory(), 'state')
  const environment = {VMRUN_STATE_DIR: directory}
  return {...sampleRun({workDirectory: await temporaryDirectory(), environment}), directory}
}

async function recordIn(directory: string): Promise<RecordContent> {
  const [name = '', ...others] = await readdir(directory)
  expect(others).toEqual([])
  return JSON.parse(await readFile(path.join(directory, name), 'utf8'))
}

/** The reapers that would remove something of a directory. */
async function reapersFor(directory: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/u.test(name))
  const lines = await Promise.all(pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids.filter((_, index) => lines[index]?.includes(`${directory}/`))
}

/** A machine with a process of its own, which ends when that one does. */
function machineOf(process: RealProcess): Machine {
  const ended = process.ended.then((): MachineEnd => ({how: 'stopped'}))
  return Object.assign(new ScriptedMachine(), {pid: process.pid, ended})
}

test('while a run lasts there is a record of it; afterwards nothing, and no process, is left', async () => {
  const {run, directory} = await prepared()
  expect(await runRecordStep.run(run, noProgress)).toBe(`Run record: in ${directory}`)
  expect(await recordIn(directory)).toMatchObject({
    run: run.id,
    instance: 'vm-1',
    owner: ownIdentity(),
    deadline: null,
    user: null,
    qemu: null,
    draft: path.join(run.workDirectory, `.vmrun-${run.id}`),
  })
  expect(await reapersFor(directory)).toHaveLength(1)
  await run.unwind()
  expect(await readdir(directory)).toEqual([])
  expect(await reapersFor(directory)).toEqual([])
})

test('once there is a QEMU, the record says which, and when its time is up', async () => {
  const {run, directory} = await prepared()
  await runRecordStep.run(run, noProgress)
  const process = await running()
  run.announceMachine(machineOf(process))
  const {qemu, deadline, since} = await recordIn(directory)
  expect(qemu).toEqual(identityOf(process.pid))
  expect(Date.parse(String(deadline)) - Date.parse(since)).toBeGreaterThanOrEqual(600_000)
  killGroup(process.pid)
  await process.ended
  await run.unwind()
  expect(await readdir(directory)).toEqual([])
})

test('a QEMU that is gone already is no reason to fail', async () => {
  const {run, directory} = await prepared()
  await runRecordStep.run(run, noProgress)
  const {pid} = await dead()
  run.announceMachine(machineOf({pid, start: '', ended: Promise.resolve(null)}))
  expect((await recordIn(directory)).qemu).toBeNull()
  await run.unwind()
  expect(await readdir(directory)).toEqual([])
})

test('while QEMU does not die its record stays, and that is told', async () => {
  const {run, directory} = await prepared()
  await runRecordStep.run(run, noProgress)
  const process = await running()
  run.announceMachine(machineOf(process))
  await expect(run.unwind()).rejects.toThrow(`QEMU is still there, process ${process.pid}`)
  expect((await recordIn(directory)).qemu?.pid).toBe(process.pid)
  const [reaper] = await reapersFor(directory)
  expect(reaper).toBeDefined()
  killGroup(Number(reaper))
})

test('what a dead run left is removed first, and each thing is told', async () => {
  const {run, events, directory} = await prepared()
  await mkdir(directory, {mode: 0o700})
  const [owner, qemu] = [await dead(), await running()]
  await writeRecord(directory, {owner, content: {qemu: {pid: qemu.pid, start: qemu.start}}})
  await runRecordStep.run(run, noProgress)
  expect(await qemu.ended).toBe('SIGKILL')
  expect((await recordIn(directory)).run).toBe(run.id)
  expect(ofType(events, 'notice')).toEqual([
    {
      type: 'notice',
      text: `Removed QEMU of vm-1 (process ${qemu.pid}) and its record: its vmrun (process ${owner.pid}) is gone`,
    },
  ])
  await run.unwind()
})

test('what cannot be removed keeps no run from starting, and is told', async () => {
  const {run, events, directory} = await prepared()
  const draft = path.join(directory, `.vmrun-${runId}`)
  // No file, as a run would have made.
  await mkdir(draft, {recursive: true, mode: 0o700})
  const name = await writeRecord(directory, {owner: await dead(), content: {draft}})
  await runRecordStep.run(run, noProgress)
  await run.unwind()
  expect(await readdir(directory)).toContain(name)
  expect(ofType(events, 'notice')).toEqual([
    {
      type: 'notice',
      text: expect.stringMatching(
        /^A dead run left something that is still there: it cannot be removed: .*json\)$/u,
      ),
    },
  ])
})

test.each<[string, (directory: string) => Promise<string>, string]>([
  [
    'a state directory that cannot be used',
    async directory => {
      await writeFile(directory, '')
      return directory
    },
    'is not a directory',
  ],
  // A directory of this user's in which nobody can make a file.
  ['a record that cannot be written', async () => `/proc/${process.pid}`, 'cannot write the run record'],
])('%s is an error, and nothing is left', async (_, make, message) => {
  const directory = await make(path.join(await temporaryDirectory(), 'state'))
  const {run} = sampleRun({environment: {VMRUN_STATE_DIR: directory}})
  await expect(runRecordStep.run(run, noProgress)).rejects.toThrow(message)
  await run.unwind()
  expect(await reapersFor(directory)).toEqual([])
})

test('its plan says where the record would be, and makes nothing', async () => {
  const {run, events, directory} = await prepared()
  expect(await runRecordStep.plan(run, '/by/hand')).toEqual({
    title: `Run record: removes what dead runs left; keeps its own in ${directory}`,
    commands: [['vmrun', 'prune']],
  })
  expect(existsSync(directory)).toBe(false)
  expect(events).toEqual([])
})

/** A user that two runs have taken at the same moment. */
const same: HostUser = {name: '61200', uid: 61_200, gid: 61_200, groups: [], isTemporary: true}

test('of runs that have taken the same temporary user all but one take another', async () => {
  const environment = {VMRUN_STATE_DIR: path.join(await temporaryDirectory(), 'state')}
  const workDirectory = await temporaryDirectory()
  const runs = Array.from({length: 6}, () => sampleRun({workDirectory, environment, user: same}).run)
  await Promise.all(runs.map(run => runRecordStep.run(run, noProgress)))
  const numbers = runs.map(({user}) => user?.uid)
  expect(new Set(numbers).size).toBe(runs.length)
  expect(runs.map(({user}) => user?.gid)).toEqual(numbers)
  const recorded = await Promise.all(
    (await readdir(environment.VMRUN_STATE_DIR)).map(async name =>
      JSON.parse(await readFile(path.join(environment.VMRUN_STATE_DIR, name), 'utf8')),
    ),
  )
  expect(new Set(recorded.map(({user}) => user))).toEqual(new Set(numbers))
  // One that comes later yields too; and what was taken is free again when its run is over.
  const [first] = runs
  const later = sampleRun({workDirectory, environment, ...(first && {user: first.user})}).run
  await runRecordStep.run(later, noProgress)
  expect(numbers).not.toContain(later.user?.uid)
  await Promise.all([...runs, later].map(run => run.unwind()))
  expect(await readdir(environment.VMRUN_STATE_DIR)).toEqual([])
  const last = sampleRun({workDirectory, environment, user: same}).run
  await runRecordStep.run(last, noProgress)
  expect(last.user).toEqual(same)
  await last.unwind()
})

test('a user that has a name is for any number of runs', async () => {
  const environment = {VMRUN_STATE_DIR: path.join(await temporaryDirectory(), 'state')}
  const user = {name: 'vmrun', uid: 61_200, gid: 61_200, groups: []}
  const runs = [1, 2].map(() => sampleRun({environment, user}).run)
  await Promise.all(runs.map(run => runRecordStep.run(run, noProgress)))
  expect(runs.map(run => run.user)).toEqual([user, user])
  await Promise.all(runs.map(run => run.unwind()))
})
