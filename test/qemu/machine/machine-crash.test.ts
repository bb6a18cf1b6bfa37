import {expect, test} from 'vitest'
import {tellReboots} from '../../../src/qemu/machine/start-machine.js'
import {nanoGuest} from '../nano-guest.js'

/** How a machine ends in which the nano guest does this, and how often it is told to have been reset. */
async function endOf(action: string, ...furtherArguments: readonly string[]): Promise<object> {
  const {machine} = await nanoGuest(action, {furtherArguments})
  const reboots: object[] = []
  tellReboots({emit: event => reboots.push(event)}, machine)
  await machine.ready()
  await machine.start()
  return {...(await machine.ended), resets: reboots.length}
}

test.each([1, 2])('a guest of %d processors that resets itself goes on', async cores => {
  expect(await endOf('reset-once', '-smp', String(cores))).toEqual({how: 'powered-off', resets: 1})
})

test.each(['reset-once', 'triple-fault'])(
  'a guest that does %s where it may not be reset ends',
  async action => {
    expect(await endOf(action, '-no-reboot')).toEqual({how: 'crashed', what: 'was reset', resets: 0})
  },
)
