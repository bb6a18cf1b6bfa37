import type {Architecture} from '../architectures/architecture.js'
import {HostError} from '../errors.js'
import type {Run} from '../pipeline/run.js'
import type {Step} from '../pipeline/step.js'
import {type Acceleration, type AccelerationOptions, chooseAccelerator} from '../qemu/accelerator/choose.js'
import type {ProbeCache} from '../qemu/accelerator/probe-cache.js'
import {
  baseArguments,
  entropyArguments,
  hardwareArguments,
  interactiveArguments,
  networkArguments,
  panicDeviceArguments,
  supervisedArguments,
} from '../qemu/command-line.js'
import {connectConsole} from '../qemu/console.js'
import {QemuMachine} from '../qemu/machine.js'
import {descriptors} from '../qemu/process.js'
import {findFile, findProgram} from '../qemu/programs.js'

export interface QemuStepOptions {
  readonly architecture: Architecture
  readonly cache: ProbeCache
}

/** Starts QEMU with everything that the steps so far have put together, and lets the guest run. */
export function qemuStep({architecture, cache}: QemuStepOptions): Step {
  const build = async (run: Run, probing: AccelerationOptions['probing']): Promise<BuiltMachine> => {
    const program = await findProgram(architecture.program, architecture.packages)
    const {firmware} = architecture
    const [firmwareFile, acceleration] = await Promise.all([
      firmware && findFile(`the firmware for ${architecture.name}`, firmware.paths, firmware.packages),
      chooseAccelerator({
        asked: run.instance.accelerator,
        architecture,
        program,
        cache,
        ...(probing && {probing}),
      }),
    ])
    return {program, acceleration, arguments: machineArguments(run, architecture, acceleration, firmwareFile)}
  }

  return {
    name: 'qemu',
    title: 'QEMU',
    plan: async run => {
      const {program, acceleration, ...machine} = await build(run, undefined)
      return {
        title: titleOf(run, architecture, acceleration),
        commands: [[program, ...machine.arguments, ...interactiveArguments()]],
      }
    },
    run: async (run, progress) => {
      const {signal, directory} = run
      const {program, acceleration, ...built} = await build(run, {directory, signal})
      if (acceleration.reason !== undefined) {
        run.emit({type: 'notice', text: `The guest is emulated, which is slower: ${acceleration.reason}`})
      }

      progress('starting')
      await launch(run, program, [...built.arguments, ...supervised(run)], acceleration)
      return titleOf(run, architecture, acceleration)
    },
  }
}

interface BuiltMachine {
  readonly program: string
  readonly arguments: readonly string[]
  readonly acceleration: Acceleration
}

function machineArguments(
  run: Run,
  architecture: Architecture,
  {accelerator}: Acceleration,
  firmware: string | undefined,
): readonly string[] {
  const {machine, emulatedCpu} = architecture
  const {'cpu-cores': cores, ram, 'ssh-port': sshPort} = run.instance
  const cpu = accelerator === 'tcg' ? emulatedCpu : 'host'
  return [
    ...baseArguments(),
    ...hardwareArguments({machine, accelerator, cpu, cores, ram, firmware}),
    ...architecture.arguments,
    ...run.machineArguments,
    ...networkArguments(sshPort),
    ...entropyArguments(),
    ...panicDeviceArguments(),
  ]
}

function supervised(run: Run): readonly string[] {
  return supervisedArguments({
    qmp: descriptors.qmp,
    console: run.console === undefined ? undefined : descriptors.console,
  })
}

async function launch(
  run: Run,
  program: string,
  programArguments: readonly string[],
  {accelerator}: Acceleration,
): Promise<void> {
  const machine = await QemuMachine.spawn(program, programArguments, run.directory)
  const drainConsole = connectConsole(machine.console, run.console)
  run.defer(`QEMU, process ${machine.pid}`, async () => {
    machine.kill()
    await machine.ended
    await drainConsole()
  })
  machine.onReset(() => run.emit({type: 'guest-rebooted'}))

  const giveUp = (): void => machine.kill()
  run.signal.addEventListener('abort', giveUp)
  try {
    run.signal.throwIfAborted()
    await machine.ready()
    await expectOnly(machine, [run.directory, run.instance.image])
    run.announceMachine(machine)
    await machine.start()
  } finally {
    run.signal.removeEventListener('abort', giveUp)
  }

  run.running = {machine, accelerator, since: performance.now()}
}

/**
 * Looks at what QEMU has really opened: between the check of the base image and now, somebody may have put another one
 * in its place, which reads other files of the host.
 *
 * @param allowed files, and directories of files
 */
async function expectOnly(machine: QemuMachine, allowed: readonly string[]): Promise<void> {
  const files = await machine.openFiles()
  const stranger = files.find(file => !allowed.some(path => file === path || file.startsWith(`${path}/`)))
  if (stranger !== undefined) {
    throw new HostError(`the image reads another file of the host: ${stranger}`, {
      hint: 'It did not when it was checked: somebody has changed it since.',
    })
  }
}

const names = {kvm: 'KVM', hvf: 'HVF', tcg: 'emulated by TCG'} as const

function titleOf(run: Run, {name}: Architecture, {accelerator, unmeasured}: Acceleration): string {
  const {'cpu-cores': cores, ram} = run.instance
  const doubt = unmeasured ? ', or TCG should the first run find that it does not work here' : ''
  return `QEMU: ${name}, ${cores === 1 ? '1 core' : `${cores} cores`}, ${ram} of RAM, ${names[accelerator]}${doubt}`
}
