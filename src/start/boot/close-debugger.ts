/** How long a debugger that was asked for before may take to open, and how often it is looked for, in milliseconds. */
const openingLimit = 1000
const lookInterval = 20

/** Who wants to debug vmrun says so. `--inspect-port` alone opens nothing. */
const asked = /--inspect(?:-brk|-wait)?(?:[=\s]|$)/u

/**
 * Keeps Node's debugger closed, which SIGUSR1 opens, to every user of this host and to guests that reach 127.0.0.1. Node
 * listens to that signal before any code of vmrun runs, and a thread of its own opens the debugger, once or twice: what
 * is open already is closed, and so is what opens in the next moment.
 */
export function closeDebugger(): void {
  process.on('SIGUSR1', () => undefined)
  if (asked.test([...process.execArgv, process.env['NODE_OPTIONS']].join(' '))) {
    return
  }

  close()
  setImmediate(close)
  const looks = setInterval(close, lookInterval)
  looks.unref()
  setTimeout(() => clearInterval(looks), openingLimit).unref()
}

/** The same as `close` of `node:inspector`, which takes as long to load as all of this. */
function close(): void {
  const end: unknown = Reflect.get(process, '_debugEnd')
  if (typeof end === 'function') {
    end()
  }
}
