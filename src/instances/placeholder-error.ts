import {HostError, UsageError, VmrunError} from '../errors.js'
import {printable} from '../text/printable.js'
import {messageOf} from '../thrown.js'
import {formatKeyPath, type KeyPath} from './key-path.js'

/** What was thrown for a placeholder, and where that stands. */
interface PlaceholderFailure {
  readonly error: unknown
  readonly path: KeyPath
}

/**
 * All that failed in one error: each on a line of its own, and every hint once. It is the user's where one of them
 * is, which another try does not change; what the host lacks may be there then.
 *
 * @param name the instance's
 */
export function placeholderError(name: string, failures: readonly PlaceholderFailure[]): VmrunError {
  const message = failures
    .map(({error, path}) => `${printable(name)}: ${formatKeyPath(path)}: ${printable(messageOf(error))}`)
    .join('\n')
  const hints = failures.flatMap(({error}) => (error instanceof VmrunError ? (error.hint ?? []) : []))
  const hint = hints.length === 0 ? undefined : Array.from(new Set(hints)).join('\n')
  const isWrong = failures.some(({error}) => error instanceof UsageError)
  return isWrong ? new UsageError(message, {hint}) : new HostError(message, {hint})
}
