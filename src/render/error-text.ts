/** An error as people get it, in every command. */
export function errorText({
  message,
  hint,
}: {
  readonly message: string
  readonly hint?: string | undefined
}): string {
  return `Error: ${message}\n${hint === undefined ? '' : `${hint}\n`}`
}
