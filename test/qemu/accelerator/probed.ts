import {join} from 'node:path'
import {expect} from 'vitest'
import type {Architecture} from '../../../src/contract/architecture.js'
import {openUnnamed} from '../../../src/host/unnamed-file.js'
import {type ProbeOptions, type ProbeResult, probeAccelerator} from '../../../src/qemu/accelerator/probe.js'
import {temporaryDirectory} from '../../temporary-directory.js'

/** What a probe finds under TCG, which is sound wherever it runs. */
export async function probed(
  {program, emulatedCpu, probe}: Architecture,
  options: Partial<ProbeOptions> = {},
): Promise<ProbeResult> {
  if (probe === undefined) {
    throw new TypeError('an architecture without a probe')
  }

  const directory = await temporaryDirectory()
  return await probeAccelerator({
    program,
    accelerator: 'tcg',
    cpu: emulatedCpu,
    probe,
    confine: command => command,
    makeFile: async () => await openUnnamed(directory, join(directory, 'draft')),
    signal: new AbortController().signal,
    ...options,
  })
}

/** The firmware of an architecture's probe with some of its bytes replaced, each place of them found exactly once. */
export function firmwareWith(
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
