import type {Confine} from '../qemu/confinement/confine.js'
import {askProgram} from '../qemu/programs/ask-program.js'
import type {Finding} from './finding.js'

const inForce = /^NoNewPrivs:\t1$/mu

/** Starts a program as QEMU is started, and looks whether it may get further privileges: proc_pid_status(5). */
export async function examinePrivileges(confine: Confine): Promise<Finding> {
  const {stdout, failure} = await askProgram(confine(['/bin/cat', '/proc/self/status']))
  return privilegesFinding(stdout, failure)
}

/**
 * @param status of a process that was started as QEMU is
 * @param failure why there is none
 */
export function privilegesFinding(status: string, failure: string | undefined): Finding {
  const where = {check: 'no-new-privs', subject: 'QEMU'} as const
  if (inForce.test(status)) {
    return {...where, state: 'good', text: 'QEMU gets no further privileges (no_new_privs)'}
  }

  if (process.platform === 'linux' && failure !== undefined) {
    return {
      ...where,
      state: 'missing',
      text: `a program cannot be started with the rights that QEMU gets: ${failure}`,
      advice:
        'In a container, vmrun needs the capabilities SETUID and SETGID, or an unprivileged user of its own.',
    }
  }

  return {
    ...where,
    state: 'poor',
    text: 'QEMU may get further privileges until its own filter is in force',
    ...(process.platform === 'linux' && {advice: 'Install util-linux, which has setpriv.'}),
  }
}
