import type {Machine} from '../../contract/machine.js'
import type {OwnRun, Run} from '../../contract/run.js'
import {HostError} from '../../errors/errors.js'
import {withinStartLimit} from '../../time/start-limit.js'
import type {Command} from '../fence/confine.js'
import {QemuMachine} from './machine.js'
import {passOn} from './pass-on.js'
import {inheritedName} from './process.js'
import {forwardingFailure} from './ssh-port.js'

/** Resets closer to each other than this are told as one, in milliseconds. */
const resetInterval = 1000

/**
 * Starts a run's machine and lets its guest run.
 *
 * @param command with the arguments of `supervisedArguments`
 * @returns the machine, and what settles, once it is gone, when all is heard that its guest said of its job
 * @throws HostError
 */
export async function startMachine(
  run: OwnRun,
  command: Command,
): Promise<{readonly machine: QemuMachine; readonly heard: () => Promise<void>}> {
  const machine = await QemuMachine.spawn(command, run.commandLine.inherited)
  const {heard, drain} = takeAll(run, machine)
  run.defer(`QEMU, process ${machine.pid}`, async () => {
    machine.kill()
    await machine.ended
    await drain()
  })
  run.announceMachine(machine)
  tellReboots(run, machine)
  await withinStartLimit(run, 'QEMU', signal => letGuestRun(run, machine, signal))
  return {machine, heard}
}

/** A firmware may reset once more by itself, and a guest may do nothing else. */
export function tellReboots(run: Pick<Run, 'emit'>, machine: Pick<Machine, 'on'>): void {
  let toldAt = Number.NEGATIVE_INFINITY
  machine.on('RESET', ({guest}) => {
    const now = performance.now()
    if (guest === true && now - toldAt > resetInterval) {
      toldAt = now
      run.emit({type: 'guest-rebooted'})
    }
  })
}

async function letGuestRun(run: Run, machine: QemuMachine, signal: AbortSignal): Promise<void> {
  const giveUp = (): void =>
    machine.fail(new HostError('QEMU was ended before the guest ran', {cause: signal.reason}))
  signal.addEventListener('abort', giveUp)
  try {
    signal.throwIfAborted()
    await machine.ready().catch(async (error: unknown) => {
      throw (await forwardingFailure(error, run.instance['ssh-port'])) ?? error
    })
    await expectOnly(
      machine,
      run.commandLine.inherited.map((_, index) => inheritedName(index)),
    )
    await machine.start()
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

/**
 * Looks at what QEMU has really opened: between the check of the base image and now, somebody may have written to it,
 * so that it reads other files of the host.
 */
async function expectOnly(machine: QemuMachine, allowed: readonly string[]): Promise<void> {
  const files = await machine.openFiles()
  const stranger = files.find(file => !allowed.includes(file))
  if (stranger !== undefined) {
    throw new HostError(`the image reads another file of the host: ${stranger}`, {
      hint: 'It did not when it was checked: somebody has changed it since, or a plugin names a file that is not handed over.',
    })
  }
}

/** How many bytes of each are read in a second. More is no use to anybody, and would keep this process busy. */
const rates = {status: 256 * 1024, output: 8 * 1024 * 1024}

/** Takes all that a guest sends. @returns what settles when that is done, once the machine is gone */
function takeAll(
  run: OwnRun,
  {connections: {console, status, control, log, agent}}: QemuMachine,
): {readonly heard: () => Promise<void>; readonly drain: () => Promise<void>} {
  const heard = passOn(status, rates.status, {take: bytes => run.guest.hear(bytes)})
  const printed = [
    passOn(console, rates.output, {take: bytes => run.console.keep(bytes), writable: run.console.writable}),
    passOn(log, rates.output, {take: bytes => run.log.keep(bytes), writable: run.log.writable}),
  ]
  // What is gone can be told nothing.
  control.on('error', () => control.destroy())
  return {
    heard,
    drain: async () => {
      await Promise.all([heard, ...printed].map(drained => drained()))
      control.destroy()
      agent.destroy()
    },
  }
}
