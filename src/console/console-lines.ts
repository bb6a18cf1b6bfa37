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

      callback(null, lines.map(line => `${plain(line)}\n`).join(''))
    },
    flush(callback) {
      const rest = pending + decoder.end()
      callback(null, rest === '' ? '' : `${plain(rest)}\n`)
    },
  })
}

function plain(line: string): string {
  const parts = stripVTControlCharacters(line).split('\t')
  // Escapes of them would bury what is to be read.
  return parts.map(part => replaceUnprintable(part, () => '')).join('\t')
}
