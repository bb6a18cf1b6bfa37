import {randomUUID} from 'node:crypto'
import {Transform} from 'node:stream'
import {StringDecoder} from 'node:string_decoder'
import {stripVTControlCharacters} from 'node:util'
import {replaceUnprintable} from '../text/printable.js'

/** The longest line that is waited for, in characters; a longer one is shown in parts. */
const longestLine = 4096

/**
 * Makes a guest's console fit to be shown on a terminal, line by line: a guest that nobody trusts must not move the
 * cursor, set the title or fill the clipboard of whoever watches.
 */
export function consoleLines(): Transform {
  const decoder = new StringDecoder('utf8')
  let pending = ''
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      const lines = (pending + decoder.write(chunk)).split('\n')
      pending = lines.pop() ?? ''
      if (pending.length > longestLine) {
        lines.push(pending)
        pending = ''
      }

      callback(null, lines.map(line => `${plainLine(line)}\n`).join(''))
    },
    flush(callback) {
      const rest = pending + decoder.end()
      callback(null, rest === '' ? '' : `${plainLine(rest)}\n`)
    },
  })
}

/** A line without what could act on a terminal. */
export function plainLine(line: string): string {
  const parts = stripVTControlCharacters(line).split('\t')
  // Escapes of them would bury what is to be read.
  return parts.map(part => replaceUnprintable(part, () => '')).join('\t')
}

/** Passes on so many bytes and no more. @param onCut called once, when there are more */
export function atMost(limit: number, onCut: () => void): Transform {
  let [left, isCut] = [limit, false]
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      const passed = chunk.subarray(0, left)
      left -= passed.length
      if (passed.length < chunk.length && !isCut) {
        isCut = true
        onCut()
      }

      callback(null, passed)
    },
  })
}

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
