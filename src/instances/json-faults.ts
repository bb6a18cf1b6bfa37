import {type ParseError, printParseErrorCode} from 'jsonc-parser'
import type {RuleId} from './rules.js'

/** A part of a text, in UTF-16 code units. A node of a tree is one. */
export interface Span {
  readonly offset: number
  readonly length: number
}

/** Why a text is no JSON. The message never repeats the text: it may be a secret. */
export interface SyntaxFault extends Span {
  readonly rule: RuleId
  readonly message: string
  readonly hint?: string
}

/** What is wrong at a place, and where, if that is not where the parser noticed it. */
type Description = Omit<SyntaxFault, keyof Span> & Partial<Span>

const emptyFile: SyntaxFault = {
  rule: 'vmrun/empty-file',
  offset: 0,
  length: 0,
  message: 'the file is empty',
  hint: 'write an array of instances: [{…}]',
}

const comment: Description = {
  rule: 'vmrun/comment',
  message: 'a comment, which JSON does not have',
  hint: 'remove it',
}

const noColon: Description = {
  rule: 'vmrun/missing-colon',
  message: 'there is no colon behind the key before this',
  hint: 'write a colon between a key and its value',
}

const malformedNumber: Description = {
  rule: 'vmrun/malformed-number',
  message: 'this is not a number that JSON knows',
  hint: 'a number is written like 10, -1, 0.5 or 1e6; anything else goes in double quotes',
}

const malformedEscape: Description = {
  rule: 'vmrun/malformed-escape',
  message: 'this string has a backslash that begins no escape',
  hint: String.raw`write a backslash itself as \\`,
}

/** By the parser's names for them. */
const descriptions: ReadonlyMap<string, Description> = new Map([
  ['ColonExpected', noColon],
  ['InvalidCommentToken', comment],
  ['UnexpectedEndOfComment', comment],
  // biome-ignore lint/security/noSecrets: a name of the parser's
  ['InvalidNumberFormat', malformedNumber],
  ['UnexpectedEndOfNumber', malformedNumber],
  ['InvalidUnicode', malformedEscape],
  ['InvalidEscapeCharacter', malformedEscape],
  ['CloseBraceExpected', endsBefore('a comma or }')],
  ['CloseBracketExpected', endsBefore('a comma or ]')],
  [
    'UnexpectedEndOfString',
    {
      rule: 'vmrun/unclosed-string',
      message: 'this string is not closed on its line',
      hint: String.raw`close it with ", or write a line break in it as \n`,
    },
  ],
  [
    'InvalidCharacter',
    {
      rule: 'vmrun/control-character',
      message: 'this string has a control character in it',
      hint: String.raw`write it as an escape: a tab is \t`,
    },
  ],
])

function endsBefore(expected: string): Description {
  const message = `the file ends where ${expected} is expected`
  return {rule: 'vmrun/unclosed-bracket', message, hint: 'close the bracket, or get the rest of the file'}
}

const conflict = /^(?:<{7}|={7}|>{7})(?= |$)/mu

/** Why a text is no JSON. @param error what the parser says first of it */
export function faultOf(text: string, error: ParseError | undefined): SyntaxFault {
  if (error === undefined || text.trim() === '') {
    return emptyFile
  }

  const marks = conflict.exec(text)
  if (marks !== null) {
    const message = 'a merge conflict that is not resolved'
    const hint = 'keep what is right of both sides, and remove the marks'
    return {rule: 'vmrun/merge-conflict', offset: marks.index, length: 7, message, hint}
  }

  const {error: code, offset} = error
  // The parser takes a comment that is not closed to go on behind the end.
  const length = Math.min(error.length, text.length - offset)
  const name = printParseErrorCode(code)
  return {offset, length, ...(descriptions.get(name) ?? describe(name, text, offset))}
}

/** The same of what depends on what stands there. */
function describe(name: string, text: string, offset: number): Description {
  const here = text.charAt(offset)
  switch (name) {
    case 'PropertyNameExpected':
      return describeUnexpected(text, offset, 'a key in double quotes')
    case 'ValueExpected':
      return describeUnexpected(text, offset, 'a value')
    case 'CommaExpected':
      return describeNoComma(text, offset)
    case 'InvalidSymbol':
      return describeSymbol(text, offset)
    default:
      return closing.test(here)
        ? {rule: 'vmrun/mismatched-bracket', message: `a ${here} that closes nothing`, hint: 'remove it'}
        : {
            rule: 'vmrun/unexpected-text',
            message: 'something follows where the end of the file is expected',
            hint: 'put all instances into one array',
          }
  }
}

const closing = /^[\]}]$/u
const digit = /^\d$/u
const quotes = /^['`“”„«‘’]/u
const numeral = /^[-+.\d]/u
const word = /^[\p{L}_]\w*/u

/** What to write for a word of another language. */
const words: ReadonlyMap<string, string> = new Map([
  ['True', 'true'],
  ['False', 'false'],
  ['None', 'null'],
])

/** A word, or a character, that has no place in JSON. */
function describeSymbol(text: string, offset: number): Description {
  if (digit.test(text.charAt(offset - 1))) {
    return malformedNumber
  }

  const rest = text.slice(offset, offset + 16)
  const [found] = word.exec(rest) ?? []
  if (found !== undefined) {
    const known = words.get(found)
    const hint = known === undefined ? 'keys and strings are in double quotes' : `write ${known}`
    return {rule: 'vmrun/unquoted-word', message: 'a word without quotes', hint}
  }

  if (quotes.test(rest)) {
    const message = 'a string in the wrong quotes'
    return {rule: 'vmrun/wrong-quotes', message, hint: 'JSON strings are in double quotes: "…"'}
  }

  if (numeral.test(rest)) {
    return malformedNumber
  }

  switch (rest.charAt(0)) {
    case '#':
      return comment
    case '=':
      return noColon
    default:
      return {rule: 'vmrun/unexpected-text', message: 'a character that JSON does not know here'}
  }
}

/** Something else stands, or nothing, where there should be a key or a value. */
function describeUnexpected(text: string, offset: number, expected: string): Description {
  const here = text.charAt(offset)
  const before = text.slice(0, offset).trimEnd()
  if (here === '') {
    return endsBefore(expected)
  }

  if (before.endsWith(':')) {
    const message = 'the key before this has no value'
    return {rule: 'vmrun/missing-value', message, hint: 'write "key": value'}
  }

  const hint = 'remove the comma'
  if (here === ',') {
    const message = `a comma where ${expected} is expected`
    return {rule: 'vmrun/trailing-comma', message, hint}
  }

  return before.endsWith(',') && closing.test(here)
    ? {
        ...{rule: 'vmrun/trailing-comma', offset: before.length - 1, length: 1, hint},
        message: `a comma before the closing ${here}`,
      }
    : {rule: 'vmrun/unexpected-text', message: `something else where ${expected} is expected`}
}

function describeNoComma(text: string, offset: number): Description {
  const here = text.charAt(offset)
  if (digit.test(here) && digit.test(text.charAt(offset - 1))) {
    return malformedNumber
  }

  if (closing.test(here)) {
    const [open, close] = here === '}' ? ['[', ']'] : ['{', '}']
    const message = `a ${here} where a comma or ${close} is expected`
    return {rule: 'vmrun/mismatched-bracket', message, hint: `close the ${open} before it`}
  }

  if (here === ':') {
    const hint = 'keys are in objects: write {…} around them'
    return {rule: 'vmrun/unexpected-text', message: 'a colon where a comma is expected', hint}
  }

  const hint = 'write a comma behind the value before it'
  return {rule: 'vmrun/missing-comma', message: 'there is no comma before this', hint}
}
