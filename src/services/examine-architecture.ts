import type {Architecture} from '../architectures/architecture.js'
import {accelerationFinding} from '../doctor/acceleration.js'
import type {Finding} from '../doctor/finding.js'
import {examineFirmware, examineQemu} from '../doctor/programs.js'
import {examineSandbox} from '../doctor/sandbox.js'
import type {Confine} from '../qemu/confinement/confine.js'
import type {Accelerate} from './accelerations.js'

/** What this host has for the guests of an architecture. */
export interface ExaminedArchitecture {
  readonly architecture: Architecture
  readonly findings: readonly Finding[]
  /** Its QEMU, where it can be used. */
  readonly program?: string | undefined
}

/**
 * Looks at what this host has for the guests of an architecture.
 *
 * @param confine how QEMU is started; undefined where it cannot be
 */
export async function examineArchitecture(
  architecture: Architecture,
  confine: Confine | undefined,
  accelerate: Accelerate,
): Promise<ExaminedArchitecture> {
  const [{finding, program}, firmware] = await Promise.all([
    examineQemu(architecture),
    examineFirmware(architecture),
  ])
  const findings = [finding, ...(firmware ? [firmware] : [])]
  if (program === undefined) {
    return {architecture, findings}
  }

  const [acceleration, sandbox] = await Promise.all([
    accelerate(architecture, program, 'auto'),
    confine && examineSandbox(architecture, program, confine),
  ])
  findings.push(accelerationFinding(architecture, acceleration), ...(sandbox ? [sandbox] : []))
  return {architecture, findings, program}
}
