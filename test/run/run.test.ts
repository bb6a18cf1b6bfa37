import {readdir} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {HostError} from '../../src/errors/errors.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {sampleRun} from './sample-run.js'
import {ScriptedMachine} from './scripted-machine.js'

test('each run has a name of its own', () => {
  const [one, other] = [sampleRun(), sampleRun()]
  expect(one.run.id).toMatch(/^[0-9a-f]{12}$/u)
  expect(one.run.id).not.toBe(other.run.id)
})

test('its files have no name, and are closed when it ends, unless they were before', async () => {
  const {run} = sampleRun({workDirectory: await temporaryDirectory()})
  const {writable, readOnly} = await run.makeFile()
  await writable.write('bytes')
  expect(await readdir(run.workDirectory)).toEqual([])
  expect(await readOnly.readFile('utf8')).toBe('bytes')
  const closed = await run.makeFile()
  await closed.writable.close()
  await run.unwind()
  expect([writable.fd, readOnly.fd]).toEqual([-1, -1])
})

test('what must have held is looked at in order, and the first that did not is the error', async () => {
  const {run} = sampleRun()
  const looked: number[] = []
  run.mustHold(async () => {
    looked.push(1)
  })
  run.mustHold(async () => {
    looked.push(2)
    throw new HostError('the second did not hold')
  })
  run.mustHold(async () => {
    looked.push(3)
  })
  expect(looked).toEqual([])
  await expect(run.checkHeld()).rejects.toThrow('the second did not hold')
  expect(looked).toEqual([1, 2])
})

test('whoever waits for the machine gets it, in the order in which they asked, and at once when it is there', () => {
  const {run} = sampleRun()
  const machine = new ScriptedMachine()
  const told: unknown[] = []
  run.onMachine(given => told.push('first', given))
  run.onMachine(given => told.push('second', given))
  expect(told).toEqual([])
  run.announceMachine(machine)
  run.onMachine(given => told.push('late', given))
  expect(told).toEqual(['first', machine, 'second', machine, 'late', machine])
})

test('the verdict is the last event, whatever is told later', () => {
  const {run, events} = sampleRun()
  run.emit({type: 'guest-rebooted'})
  run.tell({type: 'verdict', verdict: {name: 'completed', exitCode: 0}, seconds: 1})
  run.emit({type: 'config-disk-ejected'})
  expect(events.map(({type}) => type)).toEqual(['guest-rebooted', 'verdict'])
})

test('a step cannot tell what is the pipeline’s to tell', () => {
  const {run, events} = sampleRun()
  const verdict = {type: 'verdict', verdict: {name: 'completed', exitCode: 0}, seconds: 1}
  const told: unknown = Reflect.apply(run.emit, run, [verdict])
  expect(told).toBeUndefined()
  run.emit({type: 'notice', text: 'still here'})
  expect(events).toEqual([{type: 'notice', text: 'still here'}])
})
