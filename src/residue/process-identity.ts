import {execFileSync} from 'node:child_process'
import {readFileSync, readlinkSync} from 'node:fs'
import {attempt, codeOf} from '../errors/errors.js'
import {bareEnvironment} from '../host/environment.js'
import {failedCall} from '../host/resource-hint.js'

/** One process, told apart from every other that gets the same pid on this boot of the host. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in words that are good for nothing but to be compared; without white space. */
  readonly start: string
}

/** The process with this pid; undefined when there is none, or only what is left of one that nobody has waited for. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const start = startOf(pid)
  return start === undefined || start === ended ? undefined : {pid, start}
}

/**
 * Whether this very process still runs. One that the host hides may still run: for whoever must not touch what belongs
 * to a living process it does.
 */
export function isAlive({pid, start}: ProcessIdentity): boolean {
  const found = startOf(pid)
  return found === undefined ? takesSignals(pid) : found === start
}

/** This process. @throws HostError where the host does not tell, or tells of other processes than one's own */
export function ownIdentity(): ProcessIdentity {
  const {pid} = process
  try {
    if (process.platform !== 'linux') {
      return {pid, start: startByPs(pid)}
    }

    if (readlinkSync('/proc/self') !== String(pid)) {
      throw new Error('/proc is that of other processes')
    }

    return {pid, start: startByProc(pid)}
  } catch (error) {
    const otherwise =
      'On Linux, /proc has to be mounted, and has to be that of the own pid namespace: see unshare --mount-proc.'
    throw failedCall('this host does not tell when a process started', error, undefined, otherwise)
  }
}

/**
 * What pids and start times are relative to, on Linux: pid_namespaces(7), time_namespaces(7). Nothing can be said of
 * a process that was seen from another one.
 */
export function processNamespace(): string {
  return ['pid', 'time'].map(kind => attempt(() => readlinkSync(`/proc/self/ns/${kind}`)) ?? '').join(' ')
}

/** The start of a process that has ended, and that nobody has waited for yet. */
const ended = 'ended'

/** The states of such a process, a zombie or what Linux calls dead, as ps tells them as well: proc_pid_stat(5). */
const endedState = /^[ZXx]/u

/** Undefined when there is no such process, or the host hides it. */
function startOf(pid: number): string | undefined {
  return attempt(() => (process.platform === 'linux' ? startByProc(pid) : startByPs(pid)))
}

/** In clock ticks since the host was booted. */
function startByProc(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The second field, the name, is in parentheses and may hold any. The first that is split here is the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return endedState.test(String(fields[0])) ? ended : String(fields[22 - 3])
}

const whiteSpace = /\s+/u

/** Where there is no /proc: to the second, by the clock on the wall, such as `Mon-Nov-23-00:13:48-2026`. @throws */
export function startByPs(pid: number): string {
  const [state = '', ...start] = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: {...bareEnvironment(), LC_ALL: 'C', TZ: 'UTC'},
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 10_000,
    killSignal: 'SIGKILL',
  })
    .trim()
    .split(whiteSpace)
  return endedState.test(state) ? ended : start.join('-')
}

function takesSignals(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}
