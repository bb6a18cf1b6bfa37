import {printable, printableJson, printableLines} from '../text/printable.js'
import {errorJson} from './error-json.js'
import {errorText} from './error-text.js'

/** Tells of an error that ended a command: to programs on stdout, to people on stderr. */
export function showError(error: Error, json: boolean): void {
  if (json) {
    process.stdout.write(`${printableJson(errorJson(error))}\n`)
  } else {
    process.stderr.write(errorText(error))
  }
}

/** Warns somebody, in one line. */
export function showWarning(text: string): void {
  process.stderr.write(printableLines(`${printable(text)}\n`))
}

/** Shows where a mistake of vmrun's own is. */
export function showStack(stack: string): void {
  process.stderr.write(printableLines(`${stack}\n`))
}
