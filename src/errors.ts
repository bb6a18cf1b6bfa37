/**
 * What can go wrong, by whose fault it is. Every message is meant for the person who typed the command: it says
 * where, what is wrong, and (in `hint`) what to do about it. None of them is ever shown with a stack trace.
 */
export abstract class VmrunError extends Error {
  /** What to do about it; a sentence, or several lines of them. */
  readonly hint: string | undefined

  constructor(message: string, options: {readonly hint?: string | undefined; readonly cause?: unknown} = {}) {
    super(message, {cause: options.cause})
    this.name = new.target.name
    this.hint = options.hint
  }
}

/** The user's: bad arguments, or an instances file that does not hold. Nothing was started. Exit code 2. */
export class UsageError extends VmrunError {}

/** The host's, QEMU's or vmrun's: the guest is not to blame. Ends a run as `infra-failed`. */
export class HostError extends VmrunError {}

/** The guest's: it crashed. Ends a run as `guest-failed`. */
export class GuestError extends VmrunError {}
