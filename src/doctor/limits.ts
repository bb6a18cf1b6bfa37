import {readFile} from 'node:fs/promises'
import type {Finding, Look} from './finding.js'
import {type TaskLimit, taskLimit} from './task-limit.js'

/** What is needed for one run, with room for the connections of a guest and the files of a base image. */
const enough = {'open-files': 1024, processes: 128} as const

type LimitedCheck = keyof typeof enough

const lines: Readonly<Record<LimitedCheck, RegExp>> = {
  'open-files': /^Max open files\s+(?<soft>\S+)/mu,
  processes: /^Max processes\s+(?<soft>\S+)/mu,
}

const hints: Readonly<Record<LimitedCheck, string>> = {
  'open-files': 'Raise it: ulimit -n, or LimitNOFILE= in a systemd unit.',
  processes: 'Raise it: ulimit -u, or LimitNPROC= in a systemd unit.',
}

/** Looks at this process's limits; QEMU inherits them. Nothing where the host does not tell. */
export async function examineLimits(): Promise<readonly Finding[]> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '')
  const files = limitFinding('open-files', limits)
  const processes = processesFinding(limits, await taskLimit())
  return [files, processes].filter(finding => finding !== undefined)
}

/**
 * What is to be said of a limit of this process; undefined where there is nothing.
 *
 * @param limits as proc_pid_limits(5) has them
 */
export function limitFinding(check: LimitedCheck, limits: string): Finding | undefined {
  const soft = lines[check].exec(limits)?.groups?.['soft']
  if (soft === undefined) {
    return
  }

  const look: Look<LimitedCheck> = {check, subject: 'vmrun'}
  if (soft === 'unlimited') {
    return {...look, state: 'good', message: 'no limit', limit: null}
  }

  const limit = Number(soft)
  const message = `${limit} at most`
  return limit >= enough[check]
    ? {...look, state: 'good', message, limit}
    : {...look, state: 'poor', message, hint: hints[check], limit}
}

/** The same for processes, of which a control group may allow less than the process's own limit. */
export function processesFinding(limits: string, group: TaskLimit | undefined): Finding | undefined {
  const own = limitFinding('processes', limits)
  if (group === undefined || own?.state === 'poor') {
    return own
  }

  const {limit, used} = group
  const found = {
    check: 'processes',
    subject: 'vmrun',
    limit,
    message: `${limit} at most in this control group, which has ${used}`,
  } as const
  return limit - used >= enough.processes
    ? {...found, state: 'good'}
    : {
        ...found,
        state: 'poor',
        hint: 'Raise it: TasksMax= in a systemd unit, or --pids-limit of a container.',
      }
}
