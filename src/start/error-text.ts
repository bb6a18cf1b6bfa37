import {InstancesFileError} from '../instances/problem.js'
import {capitalized} from '../text/capitalized.js'
import {printableLines} from '../text/printable.js'

/** An error as people get it, in every command. */
export function errorText(error: Error & {readonly hint?: string | undefined}): string {
  // The lines of an instances file that does not hold each say what they are.
  const message = error instanceof InstancesFileError ? error.message : `Error: ${error.message}`
  const hint = error.hint === undefined ? [] : [capitalized(error.hint)]
  const lines = [message, ...hint].join('\n').split('\n')
  return printableLines(lines.map(line => `${line.replaceAll('\t', '  ').trimEnd()}\n`).join(''))
}
