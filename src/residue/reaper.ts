import {startProcess} from '../host/start-process.js'
import type {ProcessIdentity} from './process-identity.js'

/** A process that outlives vmrun for a moment, however vmrun ends, and removes what it leaves. */
export interface Reaper {
  readonly pid: number
  /** Has it kill a process, with its process group, should vmrun end. */
  guard(process: ProcessIdentity): void
  /** The guarded process is gone. */
  release(): void
  /** Nothing is to be done any more. Resolves when the reaper is gone; one that was stopped is killed. */
  dismiss(): Promise<void>
}

/** What a reaper's shell goes by, as its `$0`. */
export const reaperName = 'vmrun-reaper'

/** How long a reaper may take to end once it is dismissed, in milliseconds. It has nothing to do any more. */
const dismissalLimit = 1000

/**
 * Starts a reaper. It does not keep vmrun running.
 *
 * @param files absolute paths of what it removes when vmrun ends without having dismissed it
 * @throws HostError when it cannot be started
 */
export async function startReaper(files: readonly string[]): Promise<Reaper> {
  const child = await startProcess(
    ['/bin/sh', '-c', reaperScript, reaperName, ...files],
    ['pipe', 'ignore', 'ignore'],
    'cannot start the process that cleans up should vmrun be killed',
  )
  const gone = new Promise<void>(resolve => {
    child.once('exit', () => resolve())
  })
  // One that somebody killed is not missed: there is still the sweep.
  child.stdin?.on('error', () => undefined)
  child.unref()
  // Whole in the kernel's hands when `write` returns, also when a SIGKILL comes next: the connection never fills up.
  const tell = (...words: ReadonlyArray<string | number>): void => {
    child.stdin?.write(`${words.join(' ')}\n`)
  }
  return {
    pid: Number(child.pid),
    guard: ({pid, start}) => tell('guard', pid, start),
    release: () => tell('release'),
    dismiss: async () => {
      child.ref()
      tell('dismiss')
      const timer = setTimeout(() => child.kill('SIGKILL'), dismissalLimit)
      await gone
      clearTimeout(timer)
    },
  }
}

/**
 * What the reaper does, for any POSIX shell. Its arguments are the files that it removes; its standard input is a
 * connection to vmrun, whose end is that of vmrun, and on which vmrun tells, a line each:
 *
 * - `guard PID START`: the process to be killed, with its process group
 * - `release`: that process is gone
 * - `dismiss`: there is nothing to do any more
 *
 * `look` sets `found` to the start time of a process as `identityOf` does, or to nothing when it is gone; it forks
 * nothing where there is a /proc, as there may be no process left to be had. The group is killed even when its leader is
 * gone, as others of it may not be, unless its number is that of another process by now. When what was killed does not
 * go, the files stay, so that the next sweep finds them.
 */
export const reaperScript = `
set -f
trap '' HUP INT QUIT TERM
look() {
  found=
  if [ -e /proc/self/stat ]; then
    { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 0
    set -- \${line##*') '}
    case $1 in [ZXx]) return 0 ;; esac
    shift 19
    found=$1
  else
    set -- $(LC_ALL=C TZ=UTC ps -o stat= -o lstart= -p "$1" 2>/dev/null)
    case $1 in ''|Z*) return 0 ;; esac
    found=$2-$3-$4-$5-$6
  fi
}
pid=
while read -r word number time; do
  case $word in
    guard) pid=$number start=$time ;;
    release) pid= ;;
    dismiss) exit 0 ;;
  esac
done
if [ -n "$pid" ]; then
  look "$pid"
  if [ -z "$found" ] || [ "$found" = "$start" ]; then
    kill -s KILL -- "-$pid" 2>/dev/null
  fi
  tries=0
  look "$pid"
  while [ "$found" = "$start" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 1000 ] || exit 1
    sleep 0.01
    look "$pid"
  done
fi
exec rm -f -- "$@"
`
