import {readFileSync, writeSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {isRecord} from '../contract/json-value.js'
import {printable} from '../text/printable.js'

/** Where the exit code of a command that has its result is kept: with the process, as only that has an end. */
const settled = Symbol.for('vmrun.exitCode')

/**
 * Has this process end as a failure until a command has its result, whoever ends it and with whatever code: a plugin runs
 * in the same process. Says who it was.
 */
export function guardExit(): void {
  process.on('exit', tellWhoEnds)
  const reallyExit: unknown = Reflect.get(process, 'reallyExit')
  if (typeof reallyExit === 'function') {
    // All that ends a process by its own will calls this at last, when `exit` was emitted.
    Reflect.set(process, 'reallyExit', (code: number) => {
      if (process.listeners('exit').includes(tellWhoEnds)) {
        tellWhoEnds(code)
      }

      reallyExit.call(process, finalCode(code))
    })
  }
}

/** The command has its result: this process ends with that exit code, or with another where a success turns into a failure. */
export function settleExit(code: number): void {
  process.exitCode = code
  Reflect.set(process, settled, code)
}

/** Whether the command has its result. */
export function isExitSettled(): boolean {
  return Reflect.get(process, settled) !== undefined
}

/** For a command of a plugin's own, which may end as it likes. */
export function releaseExit(): void {
  process.off('exit', tellWhoEnds)
  settleExit(0)
}

function finalCode(asked: number): number {
  const result: unknown = Reflect.get(process, settled)
  return typeof result === 'number' ? result || asked : 1
}

function tellWhoEnds(asked: number): void {
  process.off('exit', tellWhoEnds)
  process.exitCode = finalCode(asked)
  if (isExitSettled()) {
    return
  }

  const place = foreignPlace()
  // Of an error that nobody caught Node has told.
  if (place !== undefined || asked === 0) {
    const who = place === undefined ? 'something' : `${packageOf(place)} (${place})`
    say(`vmrun: error: ${who} ended vmrun before the command had a result`)
  }
}

/** A place in a file, in a line of a stack trace. */
const place = /[(\s](?<file>(?:file:\/\/)?\/[^()]+?):\d+:\d+\)?$/u

/** The file of the code that is the first to be neither Node's nor vmrun's among what runs just now. */
function foreignPlace(): string | undefined {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = Number.POSITIVE_INFINITY
  const lines = new Error('who is it').stack?.split('\n').slice(1) ?? []
  Error.stackTraceLimit = limit
  const files = lines.flatMap(line => place.exec(line)?.groups?.['file'] ?? [])
  const [own] = files
  const found = files.find(file => file !== own)
  return found?.startsWith('file:') ? fileURLToPath(found) : found
}

/** The name of the package that a file belongs to; of none, `something`. */
function packageOf(file: string): string {
  const directory = path.dirname(file)
  try {
    const manifest: unknown = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8'))
    if (isRecord(manifest) && typeof manifest['name'] === 'string') {
      return manifest['name']
    }
  } catch {
    // It is further up.
  }

  return directory === path.dirname(directory) ? 'something' : packageOf(directory)
}

/** At once: nothing that takes its time is waited for any more. */
function say(text: string): void {
  try {
    writeSync(process.stderr.fd, `${printable(text)}\n`)
  } catch {
    // Nobody reads it.
  }
}
