import {execFile} from 'node:child_process'
import {expect, test} from 'vitest'
import {x86_64} from '../../../src/architectures/x86-64.js'
import {ResetLog} from '../../../src/qemu/machine/reset-log.js'

const firmware = x86_64.crashLog?.firmware ?? []

/** How often a log tells of a triple fault of the guest's. */
function tripleFaultsIn(lines: readonly string[]): number {
  let found = 0
  const log = new ResetLog(firmware)
  log.onTripleFault(() => {
    found += 1
  })
  for (const line of lines) {
    log.take(line)
  }

  return found
}

// Lines of QEMU 7.2 and SeaBIOS 1.16, in the order in which they stand there.
const reset = (processor: number): readonly string[] => [
  `CPU Reset (CPU ${processor})`,
  'EAX=00000000 EBX=00000000 ECX=00000000 EDX=00060fb1',
  'EIP=0000fff0 EFL=00000002 [-------] CPL=0 II=0 A20=1 SMM=0 HLT=0',
  'CS =f000 ffff0000 0000ffff 00009b00',
  'CR0=60000010 CR2=00000000 CR3=00000000 CR4=00000000',
]
const seaBios = (processor: number): readonly string[] => [
  `CPU Reset (CPU ${processor})`,
  'EIP=000efaad EFL=00000046 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=0',
  'CS =0008 00000000 ffffffff 00cf9b00 DPL=0 CS32 [-RA]',
  'CR0=00000011 CR2=00000000 CR3=00000000 CR4=00000000',
]
const linux = (processor: number): readonly string[] => [
  `CPU Reset (CPU ${processor})`,
  'RIP=ffffffff810605f9 RFL=00000046 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=0',
  'CS =0010 0000000000000000 ffffffff 00a09b00 DPL=0 CS64 [-RA]',
  'CR0=80050033 CR2=0000000036412200 CR3=0000000003c60000 CR4=00751eb0',
]
const nano = (processor: number): readonly string[] => [
  `CPU Reset (CPU ${processor})`,
  'EIP=00008401 EFL=00000002 [-------] CPL=0 II=0 A20=1 SMM=0 HLT=0',
  'CS =0000 00000000 0000ffff 00009b00',
]

test.each([
  ['in long mode', ['Triple fault', ...linux(0)]],
  ['in real mode', ['Triple fault', ...nano(0)]],
  ['after the machine was started', [...reset(0), ...reset(1), ...reset(1), 'Triple fault', ...linux(0)]],
  [
    'on its second processor, while the first is in the firmware',
    ['Triple fault', ...seaBios(0), ...linux(1)],
  ],
  ['while a second processor is started', ['Triple fault', ...reset(1), ...linux(0), ...reset(1)]],
  ['after one of the firmware’s', ['Triple fault', ...seaBios(0), ...reset(0), 'Triple fault', ...linux(0)]],
])('a triple fault of the guest’s is found: %s', (_, lines) => {
  expect(tripleFaultsIn(lines)).toBe(1)
})

test('a triple fault is told once, however many processors the guest has', () => {
  expect(tripleFaultsIn(['Triple fault', ...linux(0), ...linux(1), ...linux(2)])).toBe(1)
})

test.each([
  ['when it starts', [...reset(0), ...reset(1), ...reset(1)]],
  ['by a reset of the guest’s', [...linux(0), ...linux(1)]],
  ['by the firmware’s triple fault', [...linux(0), 'Triple fault', ...seaBios(0), ...reset(1), ...reset(1)]],
  ['by the firmware’s and, later, the guest’s reset', ['Triple fault', ...seaBios(0), ...linux(0)]],
  ['by both on two processors', ['Triple fault', ...seaBios(0), ...reset(1), ...linux(0), ...linux(1)]],
])('a machine that is reset %s has crashed nothing', (_, lines) => {
  expect(tripleFaultsIn(lines)).toBe(0)
})

test('a log that ends before the registers is that of a machine that may not be reset', () => {
  const log = new ResetLog(firmware)
  const ends = [...reset(0), 'Triple fault', ...seaBios(0), 'Triple fault'].map(line => {
    log.take(line)
    return log.endsInTripleFault
  })
  expect(ends.at(-1)).toBe(true)
  expect(ends.slice(0, reset(0).length)).not.toContain(true)
  expect(ends.at(-2)).toBe(false)
})

test.each([
  'qemu-system-x86_64: -netdev user,id=n: Could not set up host forwarding rule',
  'qemu-system-x86_64: warning: Triple fault',
  'Could not access KVM kernel module: No such file or directory',
  '',
])('%j is no part of the log', line => {
  expect(new ResetLog(firmware).take(line)).toBe(false)
})

test('every line of the log of the QEMU that is here is known as one', async () => {
  const printed = await new Promise<string>(resolve => {
    const options = ['-machine', 'q35', '-accel', 'tcg', '-cpu', 'max', '-smp', '2', '-d', 'cpu_reset']
    const further = ['-nodefaults', '-display', 'none', '-S', '-monitor', 'stdio']
    execFile(x86_64.program, [...options, ...further], (_, __, stderr) => resolve(stderr)).stdin?.end(
      'quit\n',
    )
  })
  const lines = printed.split('\n').filter(line => line !== '')
  const log = new ResetLog(firmware)
  expect(lines).toContain('CPU Reset (CPU 1)')
  expect(lines.filter(line => !log.take(line))).toEqual([])
})
