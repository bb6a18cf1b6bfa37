import {platform} from 'node:process'

/** The arguments that QEMU is started with whatever the machine: nothing that was not asked for, nothing to see. */
export function baseArguments(): readonly string[] {
  return ['-nodefaults', '-no-user-config', '-display', 'none', ...sandboxArguments()]
}

/** What a started QEMU may no longer do to its host; seccomp is Linux's. */
function sandboxArguments(): readonly string[] {
  return platform === 'linux'
    ? ['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny']
    : []
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

/**
 * The root disk. The base image is named here again, read-only and with no further backing file, so that neither the
 * overlay's header nor the base image's decides what is opened.
 */
export function rootDiskArguments(disk: {
  readonly overlay: string
  readonly base: string
}): readonly string[] {
  return [
    ...blockdev({
      'node-name': 'root-disk',
      driver: 'qcow2',
      file: {driver: 'file', filename: disk.overlay},
      backing: {
        driver: 'qcow2',
        'read-only': true,
        file: {driver: 'file', filename: disk.base, 'read-only': true},
        backing: null,
      },
    }),
    // Without an index the firmware may try to boot from another disk first.
    ...device({driver: 'virtio-blk-pci', drive: 'root-disk', bootindex: 0}),
  ]
}

/** A network card behind QEMU's user networking; `sshPort` of the host's loopback leads to the guest's port 22. */
export function networkArguments(sshPort: number | undefined): readonly string[] {
  const forward = sshPort === undefined ? '' : `,hostfwd=tcp:127.0.0.1:${sshPort}-:22`
  return [
    ...['-netdev', `user,id=network${forward}`],
    // No option ROM: nothing boots from the network.
    ...device({driver: 'virtio-net-pci', netdev: 'network', romfile: ''}),
  ]
}

/** The host's entropy for the guest, which has little of its own at first. */
export function entropyArguments(): readonly string[] {
  return device({driver: 'virtio-rng-pci'})
}

/** A way for the guest's kernel to tell that it panicked. */
export function panicDeviceArguments(): readonly string[] {
  return device({driver: 'pvpanic-pci'})
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

/** JSON, so that no comma, quote or newline in a path can change its meaning. */
export function blockdev(options: object): readonly string[] {
  return ['-blockdev', JSON.stringify(options)]
}

/** JSON, as for `blockdev`. */
export function device(options: object): readonly string[] {
  return ['-device', JSON.stringify(options)]
}
