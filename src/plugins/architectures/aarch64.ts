import type {Architecture} from '../../contract/architecture.js'

export const aarch64: Architecture = {
  name: 'aarch64',
  hosts: ['aarch64', 'arm64'],
  program: 'qemu-system-aarch64',
  packages: {
    debian: 'qemu-system-arm',
    fedora: 'qemu-system-aarch64',
    arch: 'qemu-system-aarch64',
    homebrew: 'qemu',
  },
  // The newest interrupt controller that the accelerator has: the default one ends at eight cores.
  machine: 'virt,gic-version=max',
  emulatedCpu: 'cortex-a57',
  firmware: {
    paths: [
      '/usr/share/qemu-efi-aarch64/QEMU_EFI.fd',
      '/usr/share/edk2/aarch64/QEMU_EFI.fd',
      '/opt/homebrew/share/qemu/edk2-aarch64-code.fd',
      '/usr/local/share/qemu/edk2-aarch64-code.fd',
    ],
    packages: {debian: 'qemu-efi-aarch64', fedora: 'edk2-aarch64', arch: 'edk2-aarch64', homebrew: 'qemu'},
  },
  devices: {
    disk: {driver: 'virtio-blk-pci'},
    // No option ROM: nothing boots from the network.
    network: {driver: 'virtio-net-pci', romfile: ''},
    scsi: {driver: 'virtio-scsi-pci'},
    entropy: {driver: 'virtio-rng-pci'},
    panic: {driver: 'pvpanic-pci'},
    serial: {driver: 'virtio-serial-pci'},
  },
  // EDK2 waits five seconds for a key otherwise.
  arguments: ['-boot', 'menu=on,splash-time=0'],
  probe: {
    arguments: ['-machine', 'virt', '-m', '16'],
    firmware: probeFirmware,
    exitCode: 0,
  },
}

/**
 * Returns from an exception within EL1, and turns the machine off through PSCI (Arm DEN 0022, SYSTEM_OFF). The
 * processor starts at the beginning of the image.
 */
function probeFirmware(): Uint8Array {
  const instructions = [
    0x10_00_00_a0, // adr x0, target
    0xd5_18_40_20, // msr elr_el1, x0
    0xd2_80_78_a0, // mov x0, #0x3c5
    0xd5_18_40_00, // msr spsr_el1, x0
    0xd6_9f_03_e0, // eret
    0x52_80_01_00, // target: mov w0, #0x8
    0x72_b0_80_00, // movk w0, #0x8400, lsl #16
    0xd4_00_00_02, // hvc #0
    0x14_00_00_00, // b .
  ]
  const image = new DataView(new ArrayBuffer(instructions.length * 4))
  for (const [index, instruction] of instructions.entries()) {
    image.setUint32(index * 4, instruction, true)
  }

  return new Uint8Array(image.buffer)
}
