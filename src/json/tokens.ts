import type {Token} from './grammar.js'

const blanks = /[ \t\n\r]*/uy
const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/uy
const other = /[^\s"'[\]{}:,]+|./suy

/** What JSON does not have, and people write. */
const foreign: ReadonlyMap<Token, RegExp> = new Map([
  ['comment', /\/\/[^\n\r]*|\/\*[\s\S]*?(?:\*\/|$)|#[^\n\r]*/uy],
  // A path too.
  ['word', /(?:[\p{L}_$]|(?:~|\.{0,2})\/)[^\s"'[\]{}:,]*/uy],
  ['number', /[-+.\d][-+.\w]*/uy],
])

/** Marks that are quotation marks elsewhere, each with the one that closes it. */
export const foreignQuotes: ReadonlyMap<string, string> = new Map([
  ["'", "'"],
  ['`', '`'],
  ['“', '”'],
  ['”', '”'],
  ['„', '“'],
  ['‘', '’'],
  ['’', '’'],
])

/** The offset of the first token at or behind `offset`. */
export function skipBlanks(text: string, offset: number): number {
  // Most tokens have none before them, and a regular expression costs more than a look.
  return text.charCodeAt(offset) > 0x20 ? offset : endOf(blanks, text, offset)
}

/** What begins at `offset`, where no blank is. */
export function tokenAt(text: string, offset: number): Token {
  const character = text[offset]
  switch (character) {
    case undefined:
      return 'end of file'
    case '[':
    case ']':
    case '{':
    case '}':
    case ':':
    case ',':
      return character
    case '"':
      return 'string'
    default:
      return literalEnd(text, offset) === 0 ? foreignToken(text, offset) : 'literal'
  }
}

/** The offset behind the literal at `offset`, or 0 where there is none. */
export function literalEnd(text: string, offset: number): number {
  return endOf(literal, text, offset)
}

/** The offset behind the number, word, comment or other text at `offset` that JSON does not have. */
export function foreignEnd(token: Token, text: string, offset: number): number {
  return endOf(foreign.get(token) ?? other, text, offset)
}

function foreignToken(text: string, offset: number): Token {
  if (foreignQuotes.has(text[offset] ?? '')) {
    return 'quotes'
  }
  const found = Array.from(foreign).find(([, pattern]) => endOf(pattern, text, offset) > 0)
  return found?.[0] ?? 'other'
}

/** The offset behind the match of a sticky `pattern` at `offset`, or 0 where it does not match. */
function endOf(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset
  pattern.test(text)
  return pattern.lastIndex
}
