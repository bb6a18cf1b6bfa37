import type {Architecture} from '../architectures/architecture.js'
import type {Run} from '../pipeline/run.js'
import type {Step} from '../pipeline/step.js'
import {type Acceleration, type AccelerationOptions, chooseAccelerator} from '../qemu/accelerator/choose.js'
import {runsHow} from '../qemu/accelerator/name.js'
import {
  baseArguments,
  entropyArguments,
  hardwareArguments,
  interactiveArguments,
  panicDeviceArguments,
  rebootArguments,
  supervisedArguments,
} from '../qemu/command-line/arguments.js'
import {networkArguments} from '../qemu/command-line/network.js'
import {confinement} from '../qemu/confinement/confine.js'
import {exitWithParentArguments} from '../qemu/confinement/exit-with-parent.js'
import {type HostUser, withKvmGroup} from '../qemu/confinement/host-user.js'
import {relaxationWarnings} from '../qemu/confinement/sandbox.js'
import {inheritedArguments} from '../qemu/machine/inherited-files.js'
import {descriptors} from '../qemu/machine/process.js'
import {startMachine} from '../qemu/machine/start-machine.js'
import {findFile, findProgram} from '../qemu/programs/find-program.js'
import type {ProgramCache} from '../qemu/programs/program-cache.js'

export interface QemuStepOptions {
  readonly architecture: Architecture
  readonly cache: ProgramCache
  /** Who QEMU runs as; vmrun's own user without it. */
  readonly user?: HostUser | undefined
}

/** Starts QEMU with everything that the steps so far have put together, and lets the guest run. */
export function qemuStep({architecture, cache, user}: QemuStepOptions): Step {
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
        user,
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
        title: [titleOf(run, architecture, acceleration), ...relaxationWarnings(run.instance.relax)].join(
          '. ',
        ),
        commands: [[program, ...machine.arguments, ...interactiveArguments()]],
      }
    },
    run: async (run, progress) => {
      const asRoot =
        user?.uid === 0 ? ['QEMU runs as root: who gets out of the guest is root on this host'] : []
      for (const text of [...relaxationWarnings(run.instance.relax), ...asRoot]) {
        run.emit({type: 'notice', text})
      }

      const {program, acceleration, ...built} = await build(run, {
        confine: await confinement({user: await withKvmGroup(user)}),
        makeFile: () => run.makeFile(),
        signal: run.signal,
      })
      if (acceleration.reason !== undefined) {
        run.emit({type: 'notice', text: `The guest is emulated, which is slower: ${acceleration.reason}`})
      }

      progress('starting')
      const kvm = acceleration.accelerator === 'kvm'
      const confine = await confinement({
        user: kvm ? await withKvmGroup(user) : user,
        newPrivileges: run.instance.relax.includes('no-new-privs'),
      })
      const crashLog = acceleration.accelerator === 'tcg' ? architecture.crashLog : undefined
      const command = confine([
        program,
        ...built.arguments,
        ...(crashLog?.arguments ?? []),
        ...(await exitWithParentArguments(program, cache, run.signal)),
        ...supervised(run),
      ])
      const machine = await startMachine(run, command, crashLog)
      run.running = {machine, accelerator: acceleration.accelerator, since: performance.now()}
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
  const {'cpu-cores': cores, ram, network, 'ssh-port': sshPort, reboot, relax} = run.instance
  const cpu = accelerator === 'tcg' ? emulatedCpu : 'host'
  return [
    ...baseArguments(relax),
    ...hardwareArguments({machine, accelerator, cpu, cores, ram, firmware}),
    ...architecture.arguments,
    ...inheritedArguments(run.inherited),
    ...run.machineArguments,
    ...networkArguments(network, sshPort),
    ...entropyArguments(),
    ...panicDeviceArguments(),
    ...rebootArguments(reboot),
  ]
}

function supervised(run: Run): readonly string[] {
  return supervisedArguments({
    qmp: descriptors.qmp,
    console: run.console === undefined ? undefined : descriptors.console,
  })
}

function titleOf(run: Run, {name}: Architecture, {accelerator, unmeasured}: Acceleration): string {
  const {'cpu-cores': cores, ram} = run.instance
  const doubt = unmeasured ? ', or TCG should the first run find that it does not work here' : ''
  return `QEMU: ${name}, ${cores === 1 ? '1 core' : `${cores} cores`}, ${ram} of RAM, ${runsHow(accelerator)}${doubt}`
}
