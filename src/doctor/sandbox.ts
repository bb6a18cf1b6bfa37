import {platform} from 'node:process'
import {baseArguments} from '../qemu/command-line/arguments.js'
import type {Confine} from '../qemu/confinement/confine.js'
import {askProgram} from '../qemu/programs/ask-program.js'
import type {Finding} from './finding.js'

/** What QEMU complains of when it cannot have its filter. */
const filter = /sandbox|seccomp/iu

const seccomp =
  'QEMU has to be built with seccomp, and the kernel, or the container around vmrun, has to let QEMU use it.'

/**
 * Starts a QEMU as a run does, with its filter and with its rights, and has it list something instead of making a
 * machine: it does that once the kernel has taken the filter (QEMU, system/vl.c, qemu_process_help_options).
 */
export async function examineSandbox(
  architecture: {readonly name: string},
  program: string,
  confine: Confine,
): Promise<Finding> {
  const where = {check: 'sandbox', subject: architecture.name} as const
  const {failure} = await askProgram(confine([program, ...baseArguments(), '-cpu', 'help']))
  if (failure !== undefined) {
    return {
      ...where,
      state: 'missing',
      text: `QEMU does not start as it should: ${failure}`,
      ...(filter.test(failure) && {advice: seccomp}),
    }
  }

  return platform === 'linux'
    ? {...where, state: 'good', text: 'QEMU starts with its seccomp filter'}
    : {...where, state: 'poor', text: 'QEMU has a filter on Linux only'}
}
