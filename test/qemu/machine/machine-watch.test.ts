import {expect, onTestFinished, test} from 'vitest'
import {MachineWatch} from '../../../src/qemu/machine/machine-watch.js'
import {spawnQemu} from '../../../src/qemu/machine/process.js'

/** The watch over a program that tells of events as QEMU does, and then does something else. */
async function watchOver(
  events: readonly object[],
  then: string,
): Promise<{readonly watch: MachineWatch; readonly pid: number}> {
  const script = `
    const qmp = new (require('node:net').Socket)({fd: 3})
    const events = ${JSON.stringify(events)}
    qmp.write(events.map(event => JSON.stringify(event) + '\\n').join(''), () => { ${then} })`
  const program = await spawnQemu([process.execPath, '-e', script])
  program.console.resume()
  onTestFinished(() => program.kill())
  return {watch: new MachineWatch(program), pid: program.pid}
}

const panic = {event: 'GUEST_PANICKED', data: {action: 'poweroff'}}
const shutdown = {event: 'SHUTDOWN', data: {guest: true, reason: 'guest-shutdown'}}

test('the first event that tells the end decides', async () => {
  const panicked = await watchOver([panic, shutdown], 'process.exit()')
  expect(await panicked.watch.ended).toEqual({how: 'crashed', what: 'panicked'})
  const poweredOff = await watchOver([shutdown, panic], 'process.exit()')
  expect(await poweredOff.watch.ended).toEqual({how: 'powered-off'})
})

test('what comes after the end changes nothing of it', async () => {
  const {watch} = await watchOver([shutdown], 'process.exit(1)')
  const end = await watch.ended
  watch.end({how: 'stopped'})
  expect(await watch.ended).toBe(end)
  expect(end).toEqual({how: 'powered-off'})
})

test('a QEMU that told of its end and does not exit is killed', async () => {
  const {watch, pid} = await watchOver([shutdown], 'setInterval(() => {}, 1000)')
  expect(await watch.ended).toEqual({how: 'powered-off'})
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('an event is told also when the guest has ended before anybody looked', async () => {
  const reset = {event: 'RESET', data: {guest: true, reason: 'guest-reset'}}
  const {watch} = await watchOver([reset, shutdown], 'process.exit()')
  let resets = 0
  watch.on('RESET', () => {
    resets += 1
  })
  await watch.ended
  expect(resets).toBe(1)
})
