/** The message of whatever was thrown, also where it resists being looked at. */
export function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown)
  } catch {
    return 'it threw what cannot be shown'
  }
}

/**
 * Whether something was thrown because a signal was aborted: it is what `throwIfAborted` throws of a signal that was
 * aborted for no further reason, and what fetch, timers and child processes throw then, or was caused by it.
 */
export function isAbort(thrown: unknown): boolean {
  try {
    return thrown instanceof Error && (thrown.name === 'AbortError' || isAbort(thrown.cause))
  } catch {
    return false
  }
}

/** The code of a failed system call, such as `ENOENT`; undefined for anything else that was thrown. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined
}
