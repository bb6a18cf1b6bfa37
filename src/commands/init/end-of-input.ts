import type {ReadStream} from 'node:tty'

/** A key as `node:readline` tells it. */
interface Key {
  readonly name?: string
  readonly ctrl?: boolean
}

/**
 * Watches over a terminal that readline reads, for whoever waits for an answer from it: readline closes at Ctrl-D without
 * a word to them, and leaves the terminal unread when the process goes on after Ctrl-Z.
 *
 * @param onEnd is called when no more answers can come
 * @returns ends the watch
 */
export function onEndOfInput(terminal: ReadStream, onEnd: () => void): () => void {
  const onKey = (_: unknown, {name, ctrl}: Key): void => {
    if (ctrl && name === 'd') {
      // In the middle of a line it deletes a character: only when readline is through with it is it known which it was.
      setImmediate(() => {
        if (!terminal.isRaw) {
          onEnd()
        }
      })
    }
  }
  const onContinue = (): void => {
    setImmediate(() => terminal.resume())
  }
  terminal.on('keypress', onKey)
  terminal.on('end', onEnd)
  process.on('SIGCONT', onContinue)
  return () => {
    terminal.off('keypress', onKey)
    terminal.off('end', onEnd)
    process.off('SIGCONT', onContinue)
  }
}
