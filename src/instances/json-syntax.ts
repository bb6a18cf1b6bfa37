import {type Expected, expectedInside, grammar, type SyntaxFault, type Token} from './json-grammar.js'
import {findStringEnd} from './json-string.js'
import {describeUnexpected} from './json-unexpected.js'

const blanks = /[ \t\n\r]*/uy
const literal = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/uy

/**
 * The first place at which `text` stops being JSON, or undefined when it is JSON. The stack is its own, so that no
 * depth of nesting ends the program.
 */
export function findSyntaxFault(text: string): SyntaxFault | undefined {
  const open: number[] = []
  let expected: Expected = 'value'
  let end: number | SyntaxFault = 0
  while (typeof end === 'number') {
    const offset = skipBlanks(text, end)
    const token = tokenAt(text, offset)
    if (token === 'end of file' && expected === 'end of file') {
      return
    }
    const next: Expected | 'after value' | undefined = grammar[expected][token]
    if (next === undefined) {
      return describeUnexpected({text, offset, token, expected, open})
    }
    trackBracket(open, token, offset)
    expected = next === 'after value' ? expectedInside(text[open.at(-1) ?? text.length]) : next
    end = endOf(token, text, offset)
  }
  return end
}

function tokenAt(text: string, offset: number): Token {
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
      return literalEnd(text, offset) === 0 ? 'other' : 'literal'
  }
}

function endOf(token: Token, text: string, offset: number): number | SyntaxFault {
  switch (token) {
    case 'string':
      return findStringEnd(text, offset)
    case 'literal':
      return literalEnd(text, offset)
    default:
      return offset + 1
  }
}

function trackBracket(open: number[], token: Token, offset: number): void {
  if (token === '[' || token === '{') {
    open.push(offset)
  } else if (token === ']' || token === '}') {
    open.pop()
  }
}

function skipBlanks(text: string, offset: number): number {
  blanks.lastIndex = offset
  blanks.test(text)
  return blanks.lastIndex
}

/** The offset behind the literal at `offset`, or 0 where there is none. */
function literalEnd(text: string, offset: number): number {
  literal.lastIndex = offset
  literal.test(text)
  return literal.lastIndex
}
