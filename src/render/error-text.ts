import {printable} from '../instances/printable.js'

/** An error as people get it, in every command. Nothing in it can act on a terminal but its line breaks. */
export function errorText({
  message,
  hint,
}: {
  readonly message: string
  readonly hint?: string | undefined
}): string {
  const text = `Error: ${message}\n${hint === undefined ? '' : `${hint}\n`}`
  return text.split('\n').map(printable).join('\n')
}
