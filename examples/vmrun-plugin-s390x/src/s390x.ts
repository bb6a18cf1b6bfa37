import type {Architecture} from 'vmrun'

/** IBM Z and LinuxONE, as QEMU makes it: virtio devices on the channel subsystem (CCW), neither PCI nor ACPI. */
export const s390x: Architecture = {
  name: 's390x',
  hosts: ['s390x'],
  program: 'qemu-system-s390x',
  packages: {
    debian: 'qemu-system-misc',
    fedora: 'qemu-system-s390x-core',
    arch: 'qemu-system-s390x',
    homebrew: 'qemu',
  },
  machine: 's390-ccw-virtio',
  // What it emulates by default lacks what current distributions are compiled for (z13, z14 and later).
  emulatedCpu: 'max',
  // The guest's kernel tells of its panic by itself: its processor stops in a disabled wait.
  devices: {
    disk: {driver: 'virtio-blk-ccw'},
    network: {driver: 'virtio-net-ccw'},
    scsi: {driver: 'virtio-scsi-ccw'},
    entropy: {driver: 'virtio-rng-ccw'},
    serial: {driver: 'virtio-serial-ccw'},
  },
  arguments: [],
}
