import {readFileSync} from 'node:fs'
import {SourceMap} from 'node:module'
import {InstancesFileError, type Problem} from '../instances/problem.js'
import {capitalized} from '../text/capitalized.js'
import {printable, printableJson, printableLines} from '../text/printable.js'

/** What has a hint, as all errors of vmrun's. */
type ErrorWithHint = Error & {readonly hint?: string | undefined}

/** An error as programs get it, in every command. */
interface ErrorJson {
  readonly error: {
    readonly message: string
    /** What to do about it, where that is known. */
    readonly hint?: string
    /** What is wrong in an instances file that does not hold. */
    readonly problems?: readonly Problem[]
  }
}

/** Tells of an error that ended a command: to programs on stdout, to people on stderr. */
export function showError(error: Error, json: boolean): void {
  if (json) {
    process.stdout.write(`${printableJson(errorJson(error))}\n`)
  } else {
    process.stderr.write(errorText(error))
  }

  showTraces(error)
}

/** Warns somebody, in one line. */
export function showWarning(text: string): void {
  process.stderr.write(printableLines(`${printable(text)}\n`))
}

/** Warns of what is no part of any result. */
export function warn(text: string): void {
  showWarning(`vmrun: warning: ${text}`)
}

/** Shows where a mistake of vmrun's own is. */
export function showStack(stack: string): void {
  process.stderr.write(printableLines(`${sourceStack(stack)}\n`))
}

export function errorJson(error: ErrorWithHint): ErrorJson {
  const {message, hint} = error
  return {
    error: {
      message,
      ...(hint !== undefined && {hint}),
      ...(error instanceof InstancesFileError && {problems: error.problems}),
    },
  }
}

/** An error as people get it, in every command. */
export function errorText(error: ErrorWithHint): string {
  // The lines of an instances file that does not hold each say what they are.
  const message = error instanceof InstancesFileError ? error.message : `Error: ${error.message}`
  const hint = error.hint === undefined ? [] : [capitalized(error.hint)]
  const lines = [message, ...hint].join('\n').split('\n')
  return printableLines(lines.map(line => `${line.replaceAll('\t', '  ').trimEnd()}\n`).join(''))
}

/** The places at the end of a stack trace. What comes before is the message. */
const places = /(?:\n {4}at .*)+$/u

/** Where VMRUN_DEBUG asks for it, shows where an error comes from that was told, and where its causes do. */
export function showTraces(thrown: unknown): void {
  if (process.env['VMRUN_DEBUG'] && thrown instanceof Error) {
    showStack(thrown.stack ?? String(thrown))
    for (let {cause} = thrown; cause instanceof Error; {cause} = cause) {
      // Without its message, which may hold a secret.
      showStack(`caused by ${cause.name}:${places.exec(cause.stack ?? '')?.[0] ?? ' nothing tells where'}`)
    }
  }
}

/** A place in vmrun's one file of code. */
const codePlace = /(?<file>\/[^\n()]*\/vmrun\.cjs):(?<line>\d+):(?<column>\d+)/gu

/** What leads from the file to the top of the package. */
const upwards = /^(?:\.\.\/)+/u

/** A stack trace with places in vmrun's source, where it has those of the file that the build made of all of it. */
export function sourceStack(stack: string): string {
  let map: SourceMap | undefined
  return stack.replace(codePlace, (found: string, file: string, line: string, column: string) => {
    try {
      map ??= new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')))
      const origin = map.findOrigin(Number(line), Number(column))
      return 'fileName' in origin
        ? `${origin.fileName.replace(upwards, '')}:${origin.lineNumber}:${origin.columnNumber}`
        : found
    } catch {
      // A place is better than none.
      return found
    }
  })
}
