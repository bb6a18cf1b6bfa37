import type {DeviceOptions, Devices} from '../../contract/architecture.js'
import type {Protection} from '../../contract/instance.js'
import {sandboxArguments} from '../fence/sandbox.js'

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
}

/** The board, its processor, its memory and its firmware. */
export function hardwareArguments({
  machine,
  accelerator,
  cpu,
  cores,
  ram,
  firmware,
}: Hardware): readonly string[] {
  return [
    // A core must not hold what the guest had in its memory.
    ...['-machine', `${machine},dump-guest-core=off`],
    ...['-accel', accelerator],
    ...['-cpu', cpu],
    ...['-smp', String(cores)],
    ...['-m', ram],
    ...(firmware === undefined ? [] : ['-bios', firmware]),
  ]
}

/** The devices that a machine has whatever its instance asks for. */
export function standingDeviceArguments({entropy, panic}: Devices): readonly string[] {
  return [entropy, panic].flatMap(options => (options === undefined ? [] : device(options)))
}

/** Has a machine that is reset end instead, where the guest may not reboot. */
export function rebootArguments(reboot: 'allow' | 'forbid'): readonly string[] {
  return reboot === 'forbid' ? ['-no-reboot'] : []
}

/** The descriptors over which a supervised QEMU is spoken to. */
export interface Descriptors {
  readonly qmp: number
  readonly console: number | undefined
}

/** A QEMU that waits, paused, for its supervisor on inherited descriptors. */
export function supervisedArguments({qmp, console}: Descriptors): readonly string[] {
  return [
    '-S',
    ...['-chardev', `socket,id=qmp,fd=${qmp}`, '-mon', 'chardev=qmp,mode=control'],
    ...(console === undefined
      ? ['-serial', 'null']
      : ['-chardev', `socket,id=console,fd=${console}`, '-serial', 'chardev:console']),
  ]
}

/** A QEMU that a person starts: its console, and its monitor behind Ctrl-A C, on their terminal. */
export function interactiveArguments(): readonly string[] {
  return ['-serial', 'mon:stdio']
}

/** The block node of the overlay, which is the guest's disk. */
export const overlayNode = 'root-disk'

/** What a guest reaches: what its host does, nothing but for forwarded ports, or nothing, having no card. */
export type Network = 'user' | 'isolated' | 'none'

/**
 * A network card behind QEMU's user networking.
 *
 * @param card the machine's
 * @param sshPort the port of the host's loopback that leads to the guest's port 22
 */
export function networkArguments(
  card: DeviceOptions,
  network: Network,
  sshPort: number | undefined,
): readonly string[] {
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
