import {codeOf, HostError, messageOf} from '../errors/errors.js'

const hints: ReadonlyMap<string | undefined, string> = new Map([
  ['EMFILE', 'vmrun may open no more files: raise its limit (ulimit -n, or LimitNOFILE= in a systemd unit).'],
  ['ENFILE', 'This host has no file descriptors left: see /proc/sys/fs/file-nr.'],
  [
    'EAGAIN',
    'vmrun may start no more processes: raise its limit (ulimit -u, or TasksMax= in a systemd unit).',
  ],
  ['ENOMEM', 'This host has no memory left.'],
])

const spaceHints: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOSPC', 'No space is left: free some'],
  ['EDQUOT', 'The disk quota is used up: free some'],
])

/**
 * What to do about a failed system call that lacked something; undefined for one that failed otherwise.
 *
 * @param elsewhere what else to do where space was lacking, such as `otherWorkDirectory`
 */
export function resourceHint(error: unknown, elsewhere?: string): string | undefined {
  const code = codeOf(error)
  const spaceHint = spaceHints.get(code)
  if (spaceHint !== undefined) {
    return elsewhere === undefined ? `${spaceHint}.` : `${spaceHint}, or ${elsewhere}.`
  }

  return code === 'EAGAIN' && !isOfStart(error) ? undefined : hints.get(code)
}

/**
 * A failed system call, as an error of the host's.
 *
 * @param what could not be done
 * @param elsewhere as for `resourceHint`
 * @param otherwise the hint where nothing was lacking
 */
export function failedCall(what: string, error: unknown, elsewhere?: string, otherwise?: string): HostError {
  const hint = resourceHint(error, elsewhere) ?? otherwise
  return new HostError(`${what}: ${messageOf(error)}`, {hint, cause: error})
}

const start = /^(?:spawn|fork)/u

/** Whether it was a process that could not be started: other calls have other reasons for the same code. */
function isOfStart(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && start.test(String(error.syscall))
}
