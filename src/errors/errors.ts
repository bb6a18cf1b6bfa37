import {printable} from '../text/printable.js'

/** A sentence, or several lines of them. */
type Lines = string | readonly string[]

/**
 * What can go wrong, by whose fault it is. Every message is meant for the person who typed the command: it says
 * where, what is wrong, and (in `hint`) what to do about it. None of them is ever shown with a stack trace.
 *
 * `instanceof` holds for this class and the three below whichever copy of vmrun an error comes from: a linked plugin has
 * one of its own.
 */
export abstract class VmrunError extends Error {
  /** What to do about it; a sentence, or several lines of them. */
  readonly hint: string | undefined

  static {
    brand(VmrunError, 'vmrun.VmrunError')
  }

  /**
   * Each line is made printable, as it may quote a file, an image or an argument: a line break in one of them is none
   * of the message.
   */
  constructor(
    message: Lines,
    {hint, cause}: {readonly hint?: Lines | undefined; readonly cause?: unknown} = {},
  ) {
    super(printed(message), {cause})
    this.name = new.target.name
    this.hint = hint === undefined ? undefined : printed(hint)
  }
}

/**
 * The user's: bad arguments, an instances file that does not hold, an image that is none. Another try does not help. Nothing
 * was started. Exit code 2.
 */
export class UsageError extends VmrunError {
  static {
    brand(UsageError, 'vmrun.UsageError')
  }
}

/**
 * The host's, QEMU's or vmrun's: the guest is not to blame. So is what is missing or cannot be read, as it may be there at
 * another try. Ends a run as `infra-failed`. Exit code 1.
 */
export class HostError extends VmrunError {
  static {
    brand(HostError, 'vmrun.HostError')
  }
}

/** The guest's: it crashed. Ends a run as `guest-failed`. */
export class GuestError extends VmrunError {
  static {
    brand(GuestError, 'vmrun.GuestError')
  }
}

function printed(lines: Lines): string {
  return [lines].flat().map(printable).join('\n')
}

/** Has the objects of a class known by a name that all copies of vmrun share. A class derived from it has no brand. */
function brand(errorClass: typeof VmrunError, name: string): void {
  const symbol = Symbol.for(name)
  Object.defineProperty(errorClass.prototype, symbol, {value: true})
  Object.defineProperty(errorClass, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      return this === errorClass
        ? typeof value === 'object' && value !== null && symbol in value
        : Function.prototype[Symbol.hasInstance].call(this, value)
    },
  })
}

/** The message of whatever was thrown, also where it resists being looked at. */
export function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown)
  } catch {
    return 'it threw what cannot be shown'
  }
}

/** What some work gives; undefined where it throws, whatever that is. */
export function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work()
  } catch {
    return
  }
}

/** Something that was thrown, as an error of vmrun's. @throws what is none: that is a bug */
export function ownError(thrown: unknown): VmrunError {
  if (thrown instanceof VmrunError) {
    return thrown
  }

  throw thrown
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
