import type {Readable, Writable} from 'node:stream'
import {finished} from 'node:stream/promises'
import type {Machine} from '../../contract/machine.js'
import type {OwnRun, Run} from '../../contract/run.js'
import {HostError} from '../../errors/errors.js'
import {withinStartLimit} from '../../time/start-limit.js'
import {settled, waitUntil} from '../../time/timer.js'
import type {Command} from '../fence/confine.js'
import {QemuMachine} from './machine.js'
import {inheritedName} from './process.js'
import {forwardingFailure} from './ssh-port.js'

/** Resets closer to each other than this are told as one, in milliseconds. */
const resetInterval = 1000

/**
 * Starts a run's machine and lets its guest run.
 *
 * @param command with the arguments of `supervisedArguments`
 * @throws HostError
 */
export async function startMachine(run: OwnRun, command: Command): Promise<QemuMachine> {
  const machine = await QemuMachine.spawn(command, run.commandLine.inherited)
  const drainConsole = connectConsole(machine.console, run.console)
  run.defer(`QEMU, process ${machine.pid}`, async () => {
    machine.kill()
    await machine.ended
    await drainConsole()
  })
  run.announceMachine(machine)
  tellReboots(run, machine)
  await withinStartLimit(run, 'QEMU', signal => letGuestRun(run, machine, signal))
  return machine
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

/** How long whoever reads the console may take for what is left of it when the machine is gone, in milliseconds. */
const drainLimit = 5000

/**
 * Passes on what the guest sends to its serial port. A reader that is slower than the guest slows the guest, and never
 * fills the memory; one that goes away is no reason to end the guest. Without a reader everything is thrown away.
 *
 * @returns a function to be called when the machine is gone, which settles when everything is passed on, or the
 *   reader took too long for it
 */
export function connectConsole(source: Readable, reader: Writable | undefined): () => Promise<void> {
  if (reader === undefined) {
    source.resume()
  } else {
    source.pipe(reader, {end: false})
    reader.once('error', () => {
      source.unpipe(reader)
      source.resume()
    })
  }

  const done = settled(finished(source))
  return async () => {
    await waitUntil(performance.now() + drainLimit, done)
    source.destroy()
  }
}
