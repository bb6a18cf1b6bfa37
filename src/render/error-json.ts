/** An error as programs get it, in every command: what is wrong and, where it is known, what to do about it. */
export interface ErrorJson {
  readonly error: {readonly message: string; readonly hint?: string}
}

export function errorJson({
  message,
  hint,
}: {
  readonly message: string
  readonly hint?: string | undefined
}): ErrorJson {
  return {error: {message, ...(hint !== undefined && {hint})}}
}
