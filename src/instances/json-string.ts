import type {SyntaxFault} from './json-grammar.js'

const escapes = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/uy
const firstPrintable = ' '

/** The offset behind the JSON string that begins at `start` (RFC 8259, section 7), or what is wrong with it. */
export function findStringEnd(text: string, start: number): number | SyntaxFault {
  let offset = start + 1
  for (let character = text[offset]; character !== '"'; character = text[offset]) {
    if (character === undefined || character < firstPrintable) {
      return unwritable(character, start, offset)
    }
    const length = character === '\\' ? escapeLength(text, offset) : 1
    if (length === 0) {
      const message = 'a backslash that begins no escape'
      return {offset, message, hint: String.raw`write a backslash itself as \\`}
    }
    offset += length
  }
  return offset + 1
}

function escapeLength(text: string, offset: number): number {
  escapes.lastIndex = offset
  return escapes.exec(text)?.[0].length ?? 0
}

function unwritable(character: string | undefined, start: number, offset: number): SyntaxFault {
  if (character === undefined || character === '\n' || character === '\r') {
    return {
      offset: start,
      message: 'this string is not closed on its line',
      hint: String.raw`close it with ", or write a line break in it as \n`,
    }
  }
  const written = JSON.stringify(character).slice(1, -1)
  return {offset, message: 'a control character in a string', hint: `write it as ${written}`}
}
