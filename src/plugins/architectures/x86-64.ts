import type {Architecture} from '../../contract/architecture.js'

export const x86_64: Architecture = {
  name: 'x86_64',
  hosts: ['x86_64'],
  program: 'qemu-system-x86_64',
  packages: {debian: 'qemu-system-x86', fedora: 'qemu-system-x86', arch: 'qemu-system-x86', homebrew: 'qemu'},
  machine: 'q35',
  // qemu64 boots 3% sooner, but lacks what current distributions are compiled for (x86-64-v2 and later).
  emulatedCpu: 'max',
  devices: {
    disk: {driver: 'virtio-blk-pci'},
    // No option ROM: nothing boots from the network.
    network: {driver: 'virtio-net-pci', romfile: ''},
    scsi: {driver: 'virtio-scsi-pci'},
    ideBus: 'ide.0',
    entropy: {driver: 'virtio-rng-pci'},
    panic: {driver: 'pvpanic-pci'},
    serial: {driver: 'virtio-serial-pci'},
  },
  arguments: [],
  probe: {
    // The debug port's default is 0x501, and microvm has no firmware that would touch it.
    arguments: [
      '-machine',
      'microvm,acpi=off',
      '-m',
      '4',
      '-device',
      'isa-debug-exit,iobase=0xf4,iosize=0x4',
    ],
    firmware: probeFirmware,
    // isa-debug-exit leaves with (value << 1) | 1.
    exitCode: (0x10 << 1) | 1,
  },
  // SeaBIOS (src/boot.c) takes a disk for none to boot otherwise.
  bootSignature: {offset: 510, bytes: [0x55, 0xaa]},
}

/**
 * Enters 32-bit protected mode, executes an `iretl`, and writes 0x10 to the debug port. An emulated or nested KVM that
 * runs simple instructions may still stop with an internal error at the `iretl`.
 *
 * The image is 64 KiB and mapped at the end of the first MiB, from 0xf0000, as well as of the first 4 GiB, where the
 * processor starts: at offset 0xfff0, in real mode, with CS at 0xffff0000 (Intel SDM volume 3A, section 11.1.4).
 */
function probeFirmware(): Uint8Array {
  const image = new Uint8Array(0x1_00_00)
  image.set(code, 0xfe_00)
  image.set(globalDescriptorTable, 0xff_00)
  image.set([0xe9, 0x0d, 0xfe], 0xff_f0) // jmp 0xfe00
  return image
}

const code: readonly number[] = [
  // At 0xfe00, in real mode.
  0xfa, // cli
  ...[0x2e, 0x66, 0x0f, 0x01, 0x16, 0x18, 0xff], // lgdtl %cs:0xff18
  ...[0x0f, 0x20, 0xc0], // mov %cr0, %eax
  ...[0x0c, 0x01], // or $1, %al
  ...[0x0f, 0x22, 0xc0], // mov %eax, %cr0
  ...[0x66, 0xea, 0x18, 0xfe, 0x0f, 0x00, 0x08, 0x00], // ljmpl $8, $0xffe18
  // At 0xfe18, in protected mode.
  ...[0xb8, 0x10, 0x00, 0x00, 0x00], // mov $0x10, %eax
  ...[0x8e, 0xd0], // mov %eax, %ss
  ...[0xbc, 0x00, 0x80, 0x00, 0x00], // mov $0x8000, %esp
  0x9c, // pushfl
  ...[0x6a, 0x08], // push $8
  ...[0x68, 0x2d, 0xfe, 0x0f, 0x00], // push $0xffe2d
  0xcf, // iretl
  // At 0xfe2d, where that returns to.
  ...[0xb0, 0x10], // mov $0x10, %al
  ...[0xe6, 0xf4], // out %al, $0xf4
  0xf4, // hlt
]

/** A null descriptor, flat 32-bit code and data (Intel SDM volume 3A, section 3.4.5), and the pointer for `lgdt`. */
const globalDescriptorTable: readonly number[] = [
  ...[0, 0, 0, 0, 0, 0, 0, 0],
  ...[0xff, 0xff, 0, 0, 0, 0x9b, 0xcf, 0],
  ...[0xff, 0xff, 0, 0, 0, 0x93, 0xcf, 0],
  ...[0x17, 0x00, 0x00, 0xff, 0x0f, 0x00], // 0x17 bytes more, at 0xfff00
]
