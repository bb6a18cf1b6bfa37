import type {FileHandle} from 'node:fs/promises'
import type {DeviceOptions, Devices} from '../../contract/architecture.js'
import type {Protection} from '../../contract/instance.js'
import type {CommandLine} from '../../contract/run.js'
import {sandboxArguments} from '../fence/sandbox.js'
import {descriptors, inheritedName} from '../machine/process.js'

/**
 * The arguments that QEMU is started with whatever the machine: nothing that was not asked for, nothing to see.
 *
 * @param relaxed the protections that it is run without
 */
export function baseArguments(relaxed: readonly Protection[] = []): readonly string[] {
  return ['-nodefaults', '-no-user-config', '-display', 'none', ...sandboxArguments(relaxed)]
}

export interface Hardware {
  readonly machine: string
  readonly accelerator: string
  readonly cpu: string
  readonly cores: number
  /** As `-m` takes it: `1G`. */
  readonly ram: string
  readonly firmware: string | undefined
  /** `forbid`: a machine that is reset ends instead. */
  readonly reboot: 'allow' | 'forbid'
}

/** The board, its processor, its memory and its firmware. */
export function hardwareArguments(hardware: Hardware): readonly string[] {
  const {machine, accelerator, cpu, cores, ram, firmware, reboot} = hardware
  return [
    // A core must not hold what the guest had in its memory.
    ...['-machine', `${machine},dump-guest-core=off`],
    ...['-accel', accelerator],
    ...['-cpu', cpu],
    ...['-smp', String(cores)],
    ...['-m', ram],
    ...(firmware === undefined ? [] : ['-bios', firmware]),
    ...(reboot === 'forbid' ? ['-no-reboot'] : []),
  ]
}

/**
 * A QEMU that waits, paused, for its supervisor on inherited descriptors. What leads to the guest's ports comes behind all other
 * devices, so that no guest finds these elsewhere.
 *
 * @param serial what ports are connected to; without it, the machine has none
 * @param agent whether there is one for the guest's agent
 */
export function supervisedArguments(
  serial?: DeviceOptions | undefined,
  agent?: boolean | undefined,
): readonly string[] {
  return [
    '-S',
    ...['-chardev', `socket,id=qmp,fd=${descriptors.qmp}`, '-mon', 'chardev=qmp,mode=control'],
    ...['-chardev', `socket,id=console,fd=${descriptors.console}`, '-serial', 'chardev:console'],
    ...(serial === undefined
      ? []
      : [
          ...device({...serial, id: 'ports'}),
          ...port('status', 'org.vmrun.status'),
          ...port('control', 'org.vmrun.control'),
          ...port('log', 'org.vmrun.log'),
          ...(agent ? port('agent', 'org.qemu.guest_agent.0') : []),
        ]),
  ]
}

/** @param name by which the guest finds it */
function port(id: keyof typeof descriptors, name: string): readonly string[] {
  const connection = {driver: 'virtserialport', bus: 'ports.0', chardev: id, name}
  return ['-chardev', `socket,id=${id},fd=${descriptors[id]}`, ...device(connection)]
}

/** A QEMU that a person starts: its console, and its monitor behind Ctrl-A C, on their terminal. */
export const interactiveArguments = ['-serial', 'mon:stdio']

/** The block node of the overlay, which is the guest's disk. */
export const overlayNode = 'root-disk'

/** What a guest reaches: what its host does, nothing but for forwarded ports, or nothing, having no card. */
export type Network = 'user' | 'isolated' | 'none'

/**
 * What a machine has beside its disks: a network card behind QEMU's user networking, and what it always has.
 *
 * @param sshPort the port of the host's loopback that leads to the guest's port 22
 */
export function deviceArguments(
  {network: card, entropy, panic}: Devices,
  network: Network,
  sshPort?: number | undefined,
): readonly string[] {
  const standing = [entropy, panic].flatMap(options => (options === undefined ? [] : device(options)))
  return [...networkArguments(card, network, sshPort), ...standing]
}

function networkArguments(card: DeviceOptions, network: Network, sshPort?: number): readonly string[] {
  if (network === 'none') {
    return []
  }

  // Without IPv6 there is one way out less that has to be kept shut.
  const restriction = network === 'isolated' ? ',restrict=on,ipv6=off' : ''
  const forward = sshPort === undefined ? '' : `,hostfwd=tcp:127.0.0.1:${sshPort}-:22`
  return [...['-netdev', `user,id=network${restriction}${forward}`], ...device({...card, netdev: 'network'})]
}

/** JSON, so that no comma, quote or newline in a path can change its meaning. */
export function blockdev(options: object): readonly string[] {
  return ['-blockdev', JSON.stringify(options)]
}

/** JSON, as for `blockdev`. */
export function device(options: object): readonly string[] {
  return ['-device', JSON.stringify(options)]
}

/** The part of QEMU's command line that the steps of a run put together. */
export class QemuCommandLine implements CommandLine {
  readonly arguments: string[] = []
  readonly inherited: FileHandle[] = []

  /** @throws TypeError for what is no string: types do not bind what a plugin is written in. */
  add(...programArguments: readonly string[]): void {
    if (programArguments.some(one => typeof one !== 'string')) {
      throw new TypeError('expected strings')
    }

    this.arguments.push(...programArguments)
  }

  inherit(file: FileHandle): string {
    this.inherited.push(file)
    return inheritedName(this.inherited.length - 1)
  }
}
