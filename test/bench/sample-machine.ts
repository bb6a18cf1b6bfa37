/** A machine that nothing was measured on. */
export const sampleMachine = {
  processor: 'A processor',
  cores: 2,
  memory: '4 GiB',
  kernel: '6.1.0',
  node: '20.19.0',
  qemu: '7.2.22',
}
