import type {Span, SyntaxFault} from './fault.js'
import {type Expected, expectsKey, type Token} from './grammar.js'
import {LineIndex} from './line-index.js'
import type {Unexpected} from './recovery.js'
import {foreignEnd, literalEnd} from './tokens.js'

const plain = {isPlain: true} as const
const unclear = {isPlain: false} as const

/** Something where JSON has no place for it, and no rule of its own. */
export function somethingElse(unexpected: Unexpected): SyntaxFault {
  const message = `found ${foundNames[unexpected.token]}, expected ${expectedNames[unexpected.expected]}`
  return {rule: 'vmrun/unexpected-text', ...spanOf(unexpected), message, ...unclear}
}

/** Git has put both sides of a conflict into the file. */
export function conflict({offset}: Unexpected): SyntaxFault {
  const message = 'a merge conflict that is not resolved'
  const hint = 'keep what is right of both sides, and remove the marks'
  return {rule: 'vmrun/merge-conflict', start: offset, end: offset + 7, message, hint, ...unclear}
}

/** The text is in another language. */
export function noJson(unexpected: Unexpected): SyntaxFault {
  const message = 'this is not JSON: an instances file begins with [ or {'
  return {rule: 'vmrun/unexpected-text', ...spanOf(unexpected), message, ...unclear}
}

/** A blank of Unicode's, as web pages and word processors have. */
export function foreignBlank({text, offset}: Unexpected): SyntaxFault {
  const code = text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0')
  const message = `a blank that JSON does not know (U+${code})`
  const hint = 'write a space in its place'
  return {rule: 'vmrun/unexpected-text', start: offset, end: offset + 1, message, hint, ...plain}
}

/** A key in an array, or a colon too many. */
export function strayColon(unexpected: Unexpected): SyntaxFault {
  const {text, open} = unexpected
  const isInArray = text[open.at(-1) ?? -1] === '['
  return {
    ...somethingElse(unexpected),
    hint: isInArray ? 'keys are in objects: write {…} around them' : 'remove it',
  }
}

export function comment({text, offset}: Unexpected, isPlain: boolean): SyntaxFault {
  const message = 'a comment, which JSON does not have'
  const end = foreignEnd('comment', text, offset)
  return {rule: 'vmrun/comment', start: offset, end, message, hint: 'remove it', isPlain}
}

export function strayComma({token, expected}: Unexpected, start: number): SyntaxFault {
  const message =
    token === ','
      ? `a comma where ${expectedNames[expected]} is expected`
      : `a comma before the closing ${token}`
  return {rule: 'vmrun/trailing-comma', start, end: start + 1, message, hint: 'remove the comma', ...plain}
}

export function noComma(unexpected: Unexpected): SyntaxFault {
  const {message} = somethingElse(unexpected)
  const hint = 'write a comma behind the value before it'
  return {rule: 'vmrun/missing-comma', ...spanOf(unexpected), message, hint, ...plain}
}

/** @param isPlain whether something stands in its place; otherwise the key may be a value without its key */
export function noColon(unexpected: Unexpected, isPlain: boolean): SyntaxFault {
  const {message} = somethingElse(unexpected)
  const hint = 'write a colon between a key and its value'
  return {rule: 'vmrun/missing-colon', ...spanOf(unexpected), message, hint, isPlain}
}

export function noValue(unexpected: Unexpected): SyntaxFault {
  const {offset, token} = unexpected
  const message = `found ${foundNames[token]}, expected the value of the key before it`
  const hint = 'write "key": value'
  return {rule: 'vmrun/missing-value', start: offset, end: offset + 1, message, hint, ...unclear}
}

/** A word, a number that is none, or a number where a key is expected. */
export function unquoted(unexpected: Unexpected): SyntaxFault {
  const {expected, token} = unexpected
  const span = spanOf(unexpected)
  if (expectsKey(expected)) {
    const message = token === 'word' ? 'a word without quotes' : 'a key without quotes'
    const hint = 'keys are in double quotes'
    return {rule: 'vmrun/unquoted-word', ...span, message, hint, ...plain}
  }
  if (token === 'word') {
    const hint = hintForWord(unexpected.text.slice(span.start, span.end))
    return {rule: 'vmrun/unquoted-word', ...span, message: 'a word without quotes', hint, ...plain}
  }
  const message = 'this is not a number that JSON knows'
  const hint = 'a number is written like 10, -1, 0.5 or 1e6; anything else goes in double quotes'
  return {rule: 'vmrun/malformed-number', ...span, message, hint, ...plain}
}

/** A closing bracket that is not the one of the innermost that is open. */
export function wrongBracket(unexpected: Unexpected, hint: string): SyntaxFault {
  const {message} = somethingElse(unexpected)
  return {rule: 'vmrun/mismatched-bracket', ...spanOf(unexpected), message, hint, ...unclear}
}

/** One that closes a bracket further out. */
export function unclosedBefore(unexpected: Unexpected): SyntaxFault {
  const {text, open, offset} = unexpected
  return wrongBracket(unexpected, unclosed(text, open.at(-1) ?? offset))
}

/** One that stands in the place of the other kind. */
export function otherBracket(unexpected: Unexpected): SyntaxFault {
  return wrongBracket(unexpected, `write ${unexpected.token === ']' ? '}' : ']'} in its place`)
}

/** A word that begins where a string ends, and ends where another one begins: one quotation mark too few, or too many. */
export function strayQuote(unexpected: Unexpected): SyntaxFault {
  const hint = String.raw`close the string before it with ", or write a quotation mark in it as \"`
  const message = 'a word right behind a string'
  return {rule: 'vmrun/unclosed-string', ...spanOf(unexpected), message, hint, ...unclear}
}

export function somethingFollows(unexpected: Unexpected): SyntaxFault {
  const hint = 'put all instances into one array'
  return {...somethingElse(unexpected), hint}
}

/** The text ends in the middle of a value. */
export function endTooSoon({text, offset, expected, open}: Unexpected): SyntaxFault {
  const innermost = open.at(-1)
  const span = {start: offset, end: offset}
  if (innermost === undefined) {
    const hint = 'write an array of instances: [{…}]'
    return {rule: 'vmrun/empty-file', ...span, message: 'the file is empty', hint, ...unclear}
  }
  const message = `the file ends where ${expectedNames[expected]} is expected`
  return {rule: 'vmrun/unclosed-bracket', ...span, message, hint: unclosed(text, innermost), ...unclear}
}

function unclosed(text: string, offset: number): string {
  const {line, column} = new LineIndex(text).placeOf(offset)
  return `the ${text[offset]} of line ${line}, column ${column} is not closed`
}

/** Words of other languages that have one in JSON. */
const jsonWords: ReadonlyMap<string, string> = new Map([
  ['true', 'true'],
  ['false', 'false'],
  ['none', 'null'],
  ['nil', 'null'],
  ['null', 'null'],
])

function hintForWord(word: string): string {
  const known = jsonWords.get(word.toLowerCase())
  return known === undefined ? 'strings are in double quotes' : `write ${known}`
}

function spanOf({text, offset, token}: Unexpected): Span {
  switch (token) {
    case 'literal':
      return {start: offset, end: literalEnd(text, offset)}
    case 'number':
    case 'word':
    case 'other':
      return {start: offset, end: foreignEnd(token, text, offset)}
    default:
      return {start: offset, end: offset + 1}
  }
}

const foundNames: Readonly<Record<Token, string>> = {
  '[': '[',
  ']': ']',
  '{': '{',
  '}': '}',
  ':': 'a colon',
  ',': 'a comma',
  string: 'a string',
  literal: 'a number, true, false or null',
  'end of file': 'the end of the file',
  comment: 'a comment',
  quotes: 'a string in the wrong quotes',
  number: 'a number',
  word: 'a word without quotes',
  other: 'something that is not JSON',
}

const expectedNames: Readonly<Record<Expected, string>> = {
  value: 'a value',
  'value or ]': 'a value or ]',
  key: 'a key in double quotes',
  'key or }': 'a key in double quotes or }',
  ':': 'a colon',
  ', or ]': 'a comma or ]',
  ', or }': 'a comma or }',
  'end of file': 'the end of the file',
}
