import {errorJson} from '../render/error-json.js'
import {errorText} from '../render/error-text.js'

/** Tells of an error that ended a command: to programs on stdout, to people on stderr. */
export function showError(error: Error, json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(errorJson(error))}\n`)
  } else {
    process.stderr.write(errorText(error))
  }
}
