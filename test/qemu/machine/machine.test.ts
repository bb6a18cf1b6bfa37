import {connect} from 'node:net'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {QmpClient} from '../../../src/qemu/qmp/client.js'
import {temporaryDirectory} from '../../temporary-directory.js'
import {nanoGuest, startedGuest} from '../nano-guest.js'

/** What a second monitor of a QEMU says of the state of its machine. */
async function statusBy(monitor: string): Promise<unknown> {
  const client = new QmpClient(connect(monitor), () => undefined)
  await client.negotiate()
  return await client.execute('query-status')
}

test('a machine is there, and its guest does not run, until it is started', async () => {
  const monitor = join(await temporaryDirectory(), 'monitor')
  const {machine, printed} = await nanoGuest('power-off', {
    furtherArguments: ['-qmp', `unix:${monitor},server=on,wait=off`],
  })
  await machine.ready()
  expect(await statusBy(monitor)).toMatchObject({status: 'prelaunch', running: false})
  await machine.start()
  await printed('nano: hello')
  expect(await machine.ended).toEqual({how: 'powered-off'})
})

test.each([
  ['power-off', {how: 'powered-off'}],
  ['panic', {how: 'crashed', what: 'panicked'}],
])('a guest whose action is %s ends so', async (action, end) => {
  const {machine} = await startedGuest(action)
  expect(await machine.ended).toEqual(end)
})

test('each press of the power button does', async () => {
  const {machine, printed} = await startedGuest('second-press')
  await printed('nano: waiting')
  await machine.powerDown()
  await printed('nano: button')
  await machine.powerDown()
  expect(await machine.ended).toEqual({how: 'powered-off'})
})

test('a guest that ignores its power button goes on until the machine is ended', async () => {
  const {machine, printed} = await startedGuest('ignore')
  await printed('nano: ignoring')
  await machine.powerDown()
  await machine.quit()
  expect(await machine.ended).toEqual({how: 'stopped'})
})

test('a machine that is killed was ended by vmrun', async () => {
  const {machine, printed} = await startedGuest('spin')
  await printed('nano: spinning')
  machine.kill()
  expect(await machine.ended).toEqual({how: 'stopped'})
  expect(() => process.kill(machine.pid, 0)).toThrow('ESRCH')
})

test.each([
  ['SIGTERM', 'QEMU was told to end by a signal that did not come from vmrun', undefined],
  ['SIGKILL', 'QEMU was killed by SIGKILL', expect.stringContaining('memory')],
] as const)('a QEMU that somebody else ends by %s failed', async (signal, message, hint) => {
  const {machine, printed} = await startedGuest('spin')
  await printed('nano: spinning')
  process.kill(machine.pid, signal)
  expect(await machine.ended).toEqual({
    how: 'failed',
    error: expect.objectContaining({message: expect.stringContaining(message), hint}),
  })
})
