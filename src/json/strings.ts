import type {SyntaxFault} from './fault.js'
import {mostFaults} from './fault-limit.js'
import {foreignQuotes} from './tokens.js'

// In JSON every character from the blank on may stand in a string.
const specials = /["\\]|[^ -\u{10FFFF}]/gu
const escapes = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/uy
const lineEnd = /[\n\r]/u
const lineEnds = /[\n\r]|$/gu
/** What stands behind a string on its line, most of the time. */
const behindString = new Set([' ', '\t', ',', ']', '}'])
const closingBrackets = new Set([']', '}'])
const openings = /[[{]/gu
const closings = /[\]}]/gu

/** A string, and what is wrong with it. */
export interface StringEnd {
  /** The offset behind it. */
  readonly end: number
  readonly faults: readonly SyntaxFault[]
}

/** The end of the JSON string that begins at `start` (RFC 8259, section 7). */
export function findStringEnd(text: string, start: number): StringEnd {
  const faults: SyntaxFault[] = []
  let offset = nextSpecial(text, start + 1)
  while (text[offset] !== '"') {
    const length = text[offset] === '\\' ? escapeLength(text, offset) : 0
    if (length === 0) {
      const fault = faultAt(text, start, offset)
      if (!fault.isPlain || faults.length <= mostFaults) {
        faults.push(fault)
      }
      if (fault.rule === 'vmrun/unclosed-string') {
        return {end: fault.end, faults: faults.toSorted((one, other) => one.start - other.start)}
      }
    }
    offset = nextSpecial(text, offset + (length || 1))
  }
  return {end: offset + 1, faults}
}

/** The end of the string in the wrong quotes that begins at `start`. */
export function findForeignEnd(text: string, start: number): StringEnd {
  const opening = text[start] ?? ''
  const end = text.indexOf(foreignQuotes.get(opening) ?? opening, start + 1)
  const content = text.slice(start, end)
  if (end === -1 || lineEnd.test(content)) {
    const fault = unclosedFault(text, start)
    return {end: fault.end, faults: [fault]}
  }
  const hint = 'JSON strings are in double quotes: "…"'
  const message = 'a string in the wrong quotes'
  // With a double quote in it, it may be a single quote too many, and all that follows on the line no part of it.
  const isPlain = !content.includes('"')
  const fault = {rule: 'vmrun/wrong-quotes', start, end: end + 1, message, hint, isPlain} as const
  return {end: end + 1, faults: [fault]}
}

function faultAt(text: string, start: number, offset: number): SyntaxFault {
  const character = text[offset]
  if (character === undefined || character === '\n' || character === '\r') {
    return unclosedFault(text, start)
  }
  const end = offset + 1
  if (character === '\\') {
    const hint = String.raw`write a backslash itself as \\`
    const message = 'a backslash that begins no escape'
    return {rule: 'vmrun/malformed-escape', start: offset, end, message, hint, isPlain: true}
  }
  const hint = `write it as ${JSON.stringify(character).slice(1, -1)}`
  const message = 'a control character in a string'
  return {rule: 'vmrun/control-character', start: offset, end, message, hint, isPlain: true}
}

function unclosedFault(text: string, start: number): SyntaxFault {
  const end = contentEnd(text, start)
  const hint = String.raw`close it with ", or write a line break in it as \n`
  const message = 'this string is not closed on its line'
  return {rule: 'vmrun/unclosed-string', start, end, message, hint, isPlain: false}
}

/**
 * Up to where a line can belong to the string at `start`: what stands behind it is not a part of it. A closing bracket is,
 * where the opening one is.
 */
export function contentEnd(text: string, start: number): number {
  let end = findLineEnd(text, start)
  let closing = unopened(text.slice(start, end))
  while (end > start + 1 && behindString.has(text[end - 1] ?? '')) {
    if (closingBrackets.has(text[end - 1] ?? '')) {
      if (closing === 0) {
        break
      }
      closing -= 1
    }
    end -= 1
  }
  return end
}

/** How many brackets more are closed in `text` than opened. */
function unopened(text: string): number {
  const [opened, closed] = [openings, closings].map(brackets => text.match(brackets)?.length ?? 0)
  return Math.max(0, (closed ?? 0) - (opened ?? 0))
}

function nextSpecial(text: string, offset: number): number {
  specials.lastIndex = offset
  return specials.exec(text)?.index ?? text.length
}

function escapeLength(text: string, offset: number): number {
  escapes.lastIndex = offset
  return escapes.exec(text)?.[0].length ?? 0
}

function findLineEnd(text: string, offset: number): number {
  lineEnds.lastIndex = offset
  return lineEnds.exec(text)?.index ?? text.length
}
