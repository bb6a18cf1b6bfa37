import type {Readable} from 'node:stream'

/** How much of what QEMU prints is kept for a message, and the longest line, in characters. */
const limit = 4096

/**
 * Reads what a program prints, line by line, until nobody prints any more.
 *
 * @param takeLine is given each line, and tells whether it has taken it
 * @returns the last of the lines that were not taken
 */
export async function lastLines(stream: Readable, takeLine: (line: string) => boolean): Promise<string> {
  let last = ''
  let unfinished = ''
  const take = (line: string): void => {
    if (!takeLine(line)) {
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

/** A sentence about a program, and below it the last that it printed. */
export function withSaid(sentence: string, stderr: string): readonly string[] {
  const said = stderr.trim()
  return said === '' ? [sentence] : [`${sentence}:`, ...said.split('\n')]
}
