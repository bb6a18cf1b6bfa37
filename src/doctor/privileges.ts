import type {Confine} from '../qemu/fence/confine.js'
import {askProgram} from '../qemu/programs/ask-program.js'
import type {Finding} from './finding.js'

const inForce = /^NoNewPrivs:\t1$/mu

/** Starts a program as QEMU is started, and looks whether it may get more privileges: proc_pid_status(5). */
export async function examinePrivileges(confine: Confine): Promise<Finding> {
  const {stdout, failure} = await askProgram(confine(['/bin/cat', '/proc/self/status']))
  return privilegesFinding(stdout, failure)
}

/**
 * @param status of a process that was started as QEMU is
 * @param failure why there is none
 */
export function privilegesFinding(status: string, failure: string | undefined): Finding {
  const look = {check: 'no-new-privs', subject: 'QEMU'} as const
  if (inForce.test(status)) {
    return {...look, state: 'good', message: 'QEMU can never get more privileges'}
  }

  if (process.platform === 'linux' && failure !== undefined) {
    return {
      ...look,
      state: 'missing',
      message: `no program can be started with the rights that QEMU gets: ${failure}`,
      hint: 'In a container, give vmrun the capabilities KILL, SETUID and SETGID, or run it as an ordinary user.',
    }
  }

  return {
    ...look,
    state: 'poor',
    message: 'QEMU may get more privileges until its own filter is in force',
    ...(process.platform === 'linux' && {hint: 'Install util-linux, which has setpriv.'}),
  }
}
