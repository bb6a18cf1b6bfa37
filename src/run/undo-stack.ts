import {HostError, messageOf} from '../errors/errors.js'
import {withinLimit} from '../time/timer.js'

/** Longest wait for one undo, in milliseconds: one that hangs must not keep the others from running. */
const undoLimit = 20_000

/** What the steps of a run made and how it is undone: last made, first undone, each one even when another fails. */
export class UndoStack {
  readonly #deferred: Array<() => Promise<readonly string[]>> = []
  readonly #late: Promise<readonly string[]>[] = []
  /** What is being undone now: whoever else wants it undone waits for the same. */
  #underWay: Promise<readonly string[]> | undefined
  #closed = false

  /** @param what the thing that `undo` removes, for the message when it cannot be removed */
  defer(what: string, undo: () => void | Promise<void>): void {
    const attempt = (): Promise<readonly string[]> => failureOf(what, undo)
    if (this.#closed) {
      this.#late.push(attempt())
    } else {
      this.#deferred.push(attempt)
    }
  }

  /** Undoes everything, and from now on whatever is deferred, at once. @throws HostError as `unwind` */
  async close(): Promise<void> {
    const failures: string[] = []
    // Whoever is not waited for may defer something at any moment: between the last look and the closing there is none.
    while (this.#deferred.length > 0 || this.#underWay !== undefined) {
      failures.push(...(await this.#undoAll()))
    }

    this.#closed = true
    throwWhatIsLeft(failures)
  }

  /** Undoes everything. @throws HostError that names each thing that could not be undone, after all were tried */
  async unwind(): Promise<void> {
    throwWhatIsLeft(await this.#undoAll())
  }

  /** Waits for what was deferred after the closing. @throws HostError as `unwind` */
  async settle(): Promise<void> {
    throwWhatIsLeft((await Promise.all(this.#late)).flat())
  }

  /** @returns what could not be undone, and why */
  #undoAll(): Promise<readonly string[]> {
    this.#underWay ??= this.#undoEach().finally(() => {
      this.#underWay = undefined
    })
    return this.#underWay
  }

  async #undoEach(): Promise<readonly string[]> {
    const failures: string[] = []
    for (let next = this.#deferred.pop(); next; next = this.#deferred.pop()) {
      failures.push(...(await next()))
    }

    return failures
  }
}

/** Undoes something. @returns why it could not; nothing when it could */
async function failureOf(what: string, undo: () => void | Promise<void>): Promise<readonly string[]> {
  try {
    await withinLimit(undoLimit, undo)
    return []
  } catch (error) {
    return [`${what}: ${messageOf(error)}`]
  }
}

function throwWhatIsLeft(failures: readonly string[]): void {
  if (failures.length > 0) {
    throw new HostError(`could not remove ${failures.join('; ')}`, {
      hint: 'What is named here is still on this host: remove it by hand.',
    })
  }
}
