import type {GuestPorts} from '../../contract/machine.js'
import type {Run} from '../../contract/run.js'
import {GuestAgent} from '../../guest/agent.js'
import {littleRam} from '../../instances/size.js'
import {
  type Acceleration,
  type AccelerationOptions,
  chooseAccelerator,
  runsHow,
  withKvmGroup,
} from '../../qemu/accelerator/choose.js'
import {ProbeCache} from '../../qemu/accelerator/probe-cache.js'
import {
  baseArguments,
  deviceArguments,
  hardwareArguments,
  interactiveArguments,
  supervisedArguments,
} from '../../qemu/command/arguments.js'
import {confinement} from '../../qemu/fence/confine.js'
import {exitWithParentArguments, relaxationWarnings} from '../../qemu/fence/sandbox.js'
import type {QemuMachine} from '../../qemu/machine/machine.js'
import {inheritedArguments} from '../../qemu/machine/process.js'
import {startMachine} from '../../qemu/machine/start-machine.js'
import {findFile, findProgram} from '../../qemu/programs/find-program.js'
import {capitalized} from '../../text/capitalized.js'
import type {StepWork} from '../pipeline.js'

/** Starts QEMU with everything that the steps so far have put together, and lets the guest run. */
export const qemuStep: StepWork = {
  plan: async run => {
    const {program, acceleration, ...machine} = await build(run, undefined)
    return {
      title: [titleOf(run, acceleration), ...relaxationWarnings(run.instance.relax)].join('. '),
      commands: [[program, ...machine.arguments, ...interactiveArguments]],
    }
  },
  run: async (run, progress) => {
    const {user} = run
    const memory = littleRam(run.instance.ram)
    for (const text of [
      ...relaxationWarnings(run.instance.relax),
      ...(user?.uid === 0 ? ['QEMU runs as root: who gets out of the guest is root on this host'] : []),
      ...(memory ? [capitalized(memory)] : []),
    ]) {
      run.emit({type: 'notice', text})
    }

    const {program, acceleration, ...built} = await build(run, {
      confine: await confinement({user: await withKvmGroup(user)}),
      makeFile: () => run.makeFile(),
      signal: run.stop.signal,
    })
    if (acceleration.reason !== undefined) {
      run.emit({type: 'notice', text: `The guest is emulated, which is slower: ${acceleration.reason}`})
    }

    progress('starting')
    const {serial} = run.architecture.devices
    const hasAgent = run.instance['guest-agent']
    const kvm = acceleration.accelerator === 'kvm'
    const confine = await confinement({
      user: kvm ? await withKvmGroup(user) : user,
      newPrivileges: run.instance.relax.includes('no-new-privs'),
    })
    const command = confine([
      program,
      ...built.arguments,
      ...(await exitWithParentArguments(program, run.stop.signal)),
      ...supervisedArguments(serial, hasAgent),
    ])
    const {machine, heard} = await startMachine(run, command)
    run.running = {
      ...{machine, accelerator: acceleration.accelerator, since: performance.now()},
      ...(serial && {ports: portsOf(machine, heard, hasAgent)}),
    }
    return titleOf(run, acceleration)
  },
}

function portsOf(
  {connections: {control, agent}}: QemuMachine,
  heard: () => Promise<void>,
  hasAgent: boolean,
): GuestPorts {
  const guestAgent = hasAgent ? new GuestAgent(agent) : undefined
  const tell: GuestPorts['tell'] = word => {
    control.write(`${word}\n`)
  }
  // It waits in the connection until somebody in the guest reads it.
  tell('config')
  const shutDown = async (): Promise<void> => {
    await guestAgent?.execute('guest-shutdown')
  }
  return {heard, tell, ...(hasAgent && {shutDown})}
}

async function build(run: Run, probing: AccelerationOptions['probing']) {
  const {architecture, cacheDirectory, commandLine, instance, user} = run
  const {firmware, machine, emulatedCpu, devices} = architecture
  const {'cpu-cores': cores, ram, network, 'ssh-port': sshPort, reboot, relax} = instance
  const cache = new ProbeCache(cacheDirectory)
  const program = await findProgram(architecture.program, architecture.packages)
  const [firmwareFile, acceleration] = await Promise.all([
    firmware && findFile(`the firmware for ${architecture.name}`, firmware.paths, firmware.packages),
    chooseAccelerator({
      asked: instance.accelerator,
      architecture,
      program,
      cache,
      user,
      ...(probing && {probing}),
    }),
  ])
  const {accelerator} = acceleration
  const cpu = accelerator === 'tcg' ? emulatedCpu : 'host'
  const programArguments = [
    ...baseArguments(relax),
    ...hardwareArguments({machine, accelerator, cpu, cores, ram, firmware: firmwareFile, reboot}),
    ...architecture.arguments,
    ...inheritedArguments(commandLine.inherited),
    ...commandLine.arguments,
    ...deviceArguments(devices, network, sshPort),
  ]
  return {program, acceleration, arguments: programArguments}
}

function titleOf({architecture: {name}, instance}: Run, {accelerator, unmeasured}: Acceleration): string {
  const {'cpu-cores': cores, ram} = instance
  const doubt = unmeasured ? ', or TCG should the first run find that it does not work here' : ''
  return `QEMU: ${name}, ${cores === 1 ? '1 core' : `${cores} cores`}, ${ram} of RAM, ${runsHow(accelerator)}${doubt}`
}
