import {platform} from 'node:process'
import type {Protection} from '../contract/instance.js'
import {baseArguments} from '../qemu/command/arguments.js'
import type {Confine} from '../qemu/fence/confine.js'
import {askProgram} from '../qemu/programs/ask-program.js'
import type {Finding} from './finding.js'

/** What QEMU complains of when it cannot have its filter. */
const filter = /sandbox|seccomp/iu

const seccomp =
  'Install a QEMU that is built with seccomp. In a container, also let programs make seccomp filters of their own.'

/** A QEMU, and how a run starts it. */
export interface StartedQemu {
  readonly architecture: {readonly name: string}
  readonly program: string
  readonly confine: Confine
  /** The protections that it is run without. */
  readonly relax?: readonly Protection[]
}

/**
 * Starts a QEMU as a run does, with its filter and with its rights, and has it list something instead of making a
 * machine: it does that once the kernel has taken the filter (QEMU, system/vl.c, qemu_process_help_options).
 */
export async function examineSandbox({architecture, program, confine, relax}: StartedQemu): Promise<Finding> {
  const look = {check: 'sandbox', subject: architecture.name} as const
  const {failure} = await askProgram(confine([program, ...baseArguments(relax), '-cpu', 'help']))
  if (failure !== undefined) {
    return {
      ...look,
      state: 'missing',
      message: `QEMU does not start as it should: ${failure}`,
      ...(filter.test(failure) && {hint: seccomp}),
    }
  }

  return platform === 'linux'
    ? {...look, state: 'good', message: 'QEMU starts with its seccomp filter'}
    : {...look, state: 'poor', message: 'QEMU has a filter on Linux only'}
}
