import {readdir, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {aarch64} from '../../../src/architectures/aarch64.js'
import type {Architecture} from '../../../src/architectures/architecture.js'
import {x86_64} from '../../../src/architectures/x86-64.js'
import {type ProbeOptions, type ProbeResult, probeAccelerator} from '../../../src/qemu/accelerator/probe.js'
import {temporaryDirectory} from '../../temporary-directory.js'

/** What a probe finds under TCG, which is sound wherever it runs. */
async function probed(
  {program, emulatedCpu, probe}: Architecture,
  options: Partial<ProbeOptions> = {},
): Promise<ProbeResult> {
  if (probe === undefined) {
    throw new TypeError('an architecture without a probe')
  }

  return await probeAccelerator({
    program,
    accelerator: 'tcg',
    cpu: emulatedCpu,
    probe,
    directory: await temporaryDirectory(),
    signal: new AbortController().signal,
    ...options,
  })
}

/** The firmware of an architecture's probe with some of its bytes replaced, each place of them found exactly once. */
function firmwareWith(
  architecture: Architecture,
  bytes: readonly number[],
  replacement: readonly number[],
): ProbeOptions['probe'] {
  const {probe} = architecture
  if (probe === undefined) {
    throw new TypeError('an architecture without a probe')
  }

  const image = Buffer.from(probe.firmware())
  const at = image.indexOf(Buffer.from(bytes))
  expect(at).toBeGreaterThanOrEqual(0)
  expect(image.indexOf(Buffer.from(bytes), at + 1)).toBe(-1)
  image.set(replacement, at)
  return {...probe, firmware: () => image}
}

const hangs = {sound: false, reason: 'it hangs', certain: false}

// A loaded host may take more than the second that a probe has.
test.each([
  ['x86_64', 'max', x86_64],
  ['x86_64', 'qemu64', x86_64],
  ['aarch64', 'max', aarch64],
  ['aarch64', 'cortex-a57', aarch64],
])(
  'the machine code for %s, on the CPU %s, runs to its end on a sound accelerator',
  {retry: 3},
  async (_, cpu, architecture) => {
    expect(await probed(architecture, {cpu})).toEqual({sound: true})
  },
)

describe('an accelerator is unsound that does not execute', () => {
  test.each<[string, Architecture, readonly number[], readonly number[]]>([
    ['the jump to protected mode', x86_64, [0x66, 0xea], [0xeb, 0xfe]],
    ['the return from an interrupt', x86_64, [0xcf, 0xb0, 0x10], [0xf4, 0xb0, 0x10]],
    ['the jump to the code', x86_64, [0xe9, 0x0d, 0xfe], [0xeb, 0xfe, 0x90]],
    ['the return from an exception', aarch64, [0xe0, 0x03, 0x9f, 0xd6], [0x00, 0x00, 0x00, 0x14]],
    ['the call that turns the machine off', aarch64, [0x02, 0x00, 0x00, 0xd4], [0x1f, 0x20, 0x03, 0xd5]],
  ])('%s, but the host’s load may be to blame', async (_, architecture, bytes, replacement) => {
    const probe = firmwareWith(architecture, bytes, replacement)
    expect(await probed(architecture, {probe})).toEqual(hangs)
  })
})

test('an accelerator that gives another result is unsound, for certain', {retry: 3}, async () => {
  const probe = firmwareWith(x86_64, [0xb0, 0x10, 0xe6, 0xf4], [0xb0, 0x11, 0xe6, 0xf4])
  expect(await probed(x86_64, {probe})).toEqual({
    sound: false,
    reason: 'the probe ended with exit code 35',
    certain: true,
  })
})

test('an accelerator that QEMU does not have is unsound, for the reason that QEMU gives', async () => {
  expect(await probed(x86_64, {accelerator: 'nonsense'})).toEqual({
    sound: false,
    reason: expect.stringContaining('invalid accelerator nonsense'),
    certain: true,
  })
})

test('a probe that is stopped finds nothing', async () => {
  await expect(probed(x86_64, {signal: AbortSignal.abort()})).rejects.toThrow('aborted')
})

test('a probe that is stopped while it runs ends then', async () => {
  const probe = firmwareWith(x86_64, [0xe9, 0x0d, 0xfe], [0xeb, 0xfe, 0x90])
  const controller = new AbortController()
  const result = probed(x86_64, {probe, signal: controller.signal})
  setTimeout(() => controller.abort(), 100)
  await expect(result).rejects.toThrow('aborted')
})

test('its firmware is its user’s alone', async () => {
  const directory = await temporaryDirectory()
  await probed(x86_64, {directory})
  const [file] = await readdir(directory)
  expect((await stat(join(directory, String(file)))).mode & 0o777).toBe(0o600)
})
