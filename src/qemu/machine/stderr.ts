import type {Readable} from 'node:stream'

/** How much of what QEMU prints is kept for a message, and the longest line, in characters. */
const limit = 4096

/**
 * Reads what a program prints, line by line, until nobody prints any more.
 *
 * @param isElsewhere takes each line, and tells whether it is of no use in a message
 * @returns the last of the other lines
 */
export async function lastLines(stream: Readable, isElsewhere: (line: string) => boolean): Promise<string> {
  let last = ''
  let unfinished = ''
  const take = (line: string): void => {
    if (!isElsewhere(line)) {
      last = `${last}${line}\n`.slice(-limit)
    }
  }
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (unfinished + text).split('\n')
    unfinished = (lines.pop() ?? '').slice(-limit)
    lines.forEach(take)
  })
  // Not `end`, which does not come when the stream is destroyed.
  await new Promise<void>(resolve => {
    stream.once('close', resolve)
  })
  if (unfinished !== '') {
    take(unfinished)
  }

  return last
}
