import {execFileSync} from 'node:child_process'
import {readFileSync, readlinkSync} from 'node:fs'
import {HostError} from '../errors/errors.js'
import {codeOf, messageOf} from '../errors/thrown.js'
import {bareEnvironment} from '../host/bare-environment.js'
import {resourceHint} from '../host/resource-hint.js'
import {hasEnded, readStat} from './process-stat.js'

/** One process, told apart from every other that gets the same pid on this boot of the host. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it started, in words that are good for nothing but to be compared; without white space. */
  readonly start: string
}

/** The process with this pid; undefined when there is none, or only what is left of one that nobody has waited for. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const found = lookAt(pid)
  return typeof found === 'string' ? undefined : found
}

/**
 * Whether this very process still runs. One that the host hides may still run: for whoever must not touch what belongs
 * to a living process it does.
 */
export function isAlive({pid, start}: ProcessIdentity): boolean {
  const found = lookAt(pid)
  return typeof found === 'string' ? found === 'hidden' : found.start === start
}

/** This process. @throws HostError where the host does not tell, or tells of other processes than one's own */
export function ownIdentity(): ProcessIdentity {
  const own = identityOf(process.pid)
  if (own === undefined || (process.platform === 'linux' && readLink('/proc/self') !== String(process.pid))) {
    const cause = whyNot('/proc/self/stat')
    throw new HostError(
      `this host does not tell when a process started${cause ? `: ${messageOf(cause)}` : ''}`,
      {
        hint:
          resourceHint(cause) ??
          'On Linux, /proc has to be mounted, and has to be that of the own pid namespace: see unshare --mount-proc.',
        cause,
      },
    )
  }

  return own
}

/**
 * What pids and start times are relative to, on Linux: pid_namespaces(7), time_namespaces(7). Nothing can be said of
 * a process that was seen from another one.
 */
export function processNamespace(): string {
  return ['pid', 'time'].map(kind => readLink(`/proc/self/ns/${kind}`)).join(' ')
}

const whiteSpace = /\s+/u

function lookAt(pid: number): ProcessIdentity | 'gone' | 'hidden' {
  const start = process.platform === 'linux' ? startByProc(pid) : startByPs(pid)
  if (start === undefined) {
    return takesSignals(pid) ? 'hidden' : 'gone'
  }

  return start === 'ended' ? 'gone' : {pid, start}
}

/** Linux: in clock ticks since the host was booted. */
function startByProc(pid: number): string | undefined {
  const stat = readStat(pid)
  return stat?.ended ? 'ended' : stat?.start
}

/** Elsewhere: to the second, by the clock on the wall, such as `Mon-Nov-23-00:13:48-2026`. */
export function startByPs(pid: number): string | undefined {
  try {
    const [state, ...start] = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: {...bareEnvironment(), LC_ALL: 'C', TZ: 'UTC'},
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
      killSignal: 'SIGKILL',
    })
      .trim()
      .split(whiteSpace)
    return hasEnded(state) ? 'ended' : start.join('-')
  } catch {
    return
  }
}

function takesSignals(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** Why a file cannot be read; undefined when it can. */
function whyNot(file: string): unknown {
  try {
    readFileSync(file)
    return
  } catch (error) {
    return error
  }
}

function readLink(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}
