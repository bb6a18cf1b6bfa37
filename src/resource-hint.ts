import {codeOf} from './thrown.js'

const hints: ReadonlyMap<string | undefined, string> = new Map([
  ['EMFILE', 'vmrun may open no more files: raise its limit (ulimit -n, or LimitNOFILE= in a systemd unit).'],
  ['ENFILE', 'This host has no file descriptors left: see /proc/sys/fs/file-nr.'],
  [
    'EAGAIN',
    'vmrun may start no more processes: raise its limit (ulimit -u, or TasksMax= in a systemd unit).',
  ],
  ['ENOMEM', 'This host has no memory left.'],
  [
    'ENOSPC',
    'No space is left: free some, or name another work directory with --work-dir or VMRUN_WORK_DIR.',
  ],
  [
    'EDQUOT',
    'The disk quota is used up: free some, or name another work directory with --work-dir or VMRUN_WORK_DIR.',
  ],
])

/** What to do about a failed system call that lacked something; undefined for one that failed otherwise. */
export function resourceHint(error: unknown): string | undefined {
  return hints.get(codeOf(error))
}
