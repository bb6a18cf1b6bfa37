import type {Architecture} from '../contract/architecture.js'
import type {Confine} from '../qemu/fence/confine.js'
import type {Accelerate} from './accelerate.js'
import {accelerationFinding} from './acceleration.js'
import {failedCheck} from './failed-check.js'
import type {Finding} from './finding.js'
import {examineFirmware, examineQemu} from './programs.js'
import {examineSandbox} from './sandbox.js'

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
    examineAcceleration(architecture, program, accelerate),
    confine && examineSandbox({architecture, program, confine}),
  ])
  findings.push(acceleration, ...(sandbox ? [sandbox] : []))
  return {architecture, findings, program}
}

async function examineAcceleration(
  architecture: Architecture,
  program: string,
  accelerate: Accelerate,
): Promise<Finding> {
  try {
    return accelerationFinding(architecture, await accelerate(architecture, program, 'auto'))
  } catch (error) {
    return failedCheck(error, {check: 'accelerator', subject: architecture.name})
  }
}
