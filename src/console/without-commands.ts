import {randomUUID} from 'node:crypto'
import {Transform} from 'node:stream'

const newline = '\n'.charCodeAt(0)

/**
 * Passes on a guest's console, byte by byte, between two lines that keep GitHub Actions from taking anything in it for
 * commands ("Workflow commands for GitHub Actions", `stop-commands`). The guest cannot know the word that ends that.
 */
export function withoutCommands(): Transform {
  const word = randomUUID()
  let last = newline
  const console = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      last = chunk.at(-1) ?? last
      callback(null, chunk)
    },
    flush(callback) {
      callback(null, `${last === newline ? '' : '\n'}::${word}::\n`)
    },
  })
  console.push(`::stop-commands::${word}\n`)
  return console
}
