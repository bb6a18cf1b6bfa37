import {existsSync} from 'node:fs'
import {readdir, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {HostError} from '../../src/errors.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {sampleRun} from './sample-run.js'
import {ScriptedMachine} from './scripted-machine.js'

test('each run has a name of its own, and a directory of that name', () => {
  const [one, other] = [sampleRun(), sampleRun()]
  expect(one.run.id).toMatch(/^[0-9a-f]{12}$/u)
  expect(one.run.id).not.toBe(other.run.id)
  expect(one.run.directory).toBe(`/nonexistent/vmrun-${one.run.id}`)
})

test('a run makes nothing before it is told to', async () => {
  const workDirectory = await temporaryDirectory()
  sampleRun({workDirectory})
  expect(await readdir(workDirectory)).toEqual([])
})

test('its directory is its user’s alone', async () => {
  const {run} = sampleRun({workDirectory: await temporaryDirectory()})
  run.makeDirectory()
  expect((await stat(run.directory)).mode & 0o777).toBe(0o700)
})

test('its directory is removed with everything in it', async () => {
  const {run} = sampleRun({workDirectory: await temporaryDirectory()})
  run.makeDirectory()
  await writeFile(join(run.directory, 'overlay'), 'bytes')
  await run.unwind()
  expect(existsSync(run.directory)).toBe(false)
})

test('a directory that cannot be made is an error that says how to name another', () => {
  const {run} = sampleRun()
  expect(() => run.makeDirectory()).toThrow(HostError)
  expect(() => run.makeDirectory()).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(`cannot make the directory ${run.directory}: ENOENT`),
      hint: expect.stringContaining('--work-dir'),
    }),
  )
})

test('whoever waits for the machine gets it, in the order in which they asked', () => {
  const {run} = sampleRun()
  const machine = new ScriptedMachine()
  const told: unknown[] = []
  run.onMachine(given => told.push('first', given))
  run.onMachine(given => told.push('second', given))
  expect(told).toEqual([])
  run.announceMachine(machine)
  expect(told).toEqual(['first', machine, 'second', machine])
})

test('its signal is aborted when it is asked to stop', () => {
  const {run} = sampleRun()
  expect(run.signal.aborted).toBe(false)
  run.stop.request('interrupted')
  expect(run.signal.aborted).toBe(true)
})

test('the verdict is the last event, whatever is told later', () => {
  const {run, events} = sampleRun()
  run.emit({type: 'guest-rebooted'})
  run.emit({type: 'verdict', verdict: {name: 'completed', exitCode: 0}, seconds: 1})
  run.emit({type: 'config-disk-ejected'})
  expect(events.map(({type}) => type)).toEqual(['guest-rebooted', 'verdict'])
})
