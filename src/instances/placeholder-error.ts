import {HostError, UsageError, VmrunError} from '../errors.js'
import {printable} from '../text/printable.js'
import {messageOf} from '../thrown.js'
import {formatKeyPath, type KeyPath} from './key-path.js'
import {mostProblems} from './problem-limit.js'

/** What was thrown for a placeholder, and where that stands. */
interface PlaceholderFailure {
  readonly error: unknown
  readonly path: KeyPath
}

/**
 * All that failed in one error: each on a line of its own, and every hint once. It is the user's only where each of them
 * is, as what the host lacks may be there at another try.
 *
 * @param name the instance's
 */
export function placeholderError(name: string, failures: readonly PlaceholderFailure[]): VmrunError {
  const further = failures.length - mostProblems
  const message = failures
    .slice(0, mostProblems)
    .map(({error, path}) => `${printable(name)}: ${formatKeyPath(path)}: ${printable(messageOf(error))}`)
    .concat(further > 0 ? [`${further} more placeholders, which are not shown`] : [])
    .join('\n')
  const hints = failures.flatMap(({error}) => (error instanceof VmrunError ? (error.hint ?? []) : []))
  const hint = hints.length === 0 ? undefined : Array.from(new Set(hints)).join('\n')
  const isUsers = failures.every(({error}) => error instanceof UsageError)
  return isUsers ? new UsageError(message, {hint}) : new HostError(message, {hint})
}
