import {expect, test} from 'vitest'
import {nanoGuest} from '../nano-guest.js'

const tripleFault = {how: 'crashed', what: 'crashed its processor by a triple fault'}

/** How a machine ends in which the nano guest does this, and how often it is told to have been reset. */
async function endOf(action: string, ...furtherArguments: readonly string[]): Promise<object> {
  const {machine} = await nanoGuest(action, {crashLog: true, furtherArguments})
  let resets = 0
  machine.onReset(() => {
    resets += 1
  })
  await machine.ready()
  await machine.start()
  return {...(await machine.ended), resets}
}

test.each([1, 2])(
  'a guest of %d processors that crashes one of them ends, and was not reset',
  async cores => {
    expect(await endOf('triple-fault', '-smp', String(cores))).toEqual({...tripleFault, resets: 0})
  },
)

test('a guest that crashes its processor ends as such also where it may not be reset', async () => {
  expect(await endOf('triple-fault', '-no-reboot')).toEqual({...tripleFault, resets: 0})
})

test.each([1, 2])(
  'a guest of %d processors that resets itself goes on, and has crashed nothing',
  async cores => {
    expect(await endOf('reset-once', '-smp', String(cores))).toEqual({how: 'powered-off', resets: 1})
  },
)

test('a guest that resets itself where it may not ends', async () => {
  expect(await endOf('reset-once', '-no-reboot')).toEqual({how: 'crashed', what: 'was reset', resets: 0})
})

test('what QEMU prints of resets is in no message', async () => {
  const {machine, printed} = await nanoGuest('wait', {crashLog: true})
  await machine.ready()
  await machine.start()
  await printed('nano: waiting')
  process.kill(machine.pid, 'SIGKILL')
  expect(await machine.ended).toMatchObject({how: 'failed', error: {message: 'QEMU was killed by SIGKILL'}})
})
