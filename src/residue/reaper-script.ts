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
