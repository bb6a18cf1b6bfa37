import type {Expected, SyntaxFault, Token} from './json-grammar.js'
import {placeAt} from './source-text.js'

const numberLike = /^[-+.\d]/u
const wordLike = /^[\p{L}_$]/u

interface Unexpected {
  readonly text: string
  readonly offset: number
  readonly token: Token
  readonly expected: Expected
  /** The offsets of the brackets that are open, outermost first. */
  readonly open: readonly number[]
}

/** What to tell somebody whose JSON holds `token` where only `expected` may stand. */
export function describeUnexpected(unexpected: Unexpected): SyntaxFault {
  const {offset, token, expected} = unexpected
  return (
    trailingComma(unexpected) ??
    (token === 'end of file' ? endTooSoon(unexpected) : undefined) ??
    foreignSyntax(unexpected) ?? {
      offset,
      message: `found ${foundNames.get(token) ?? token}, expected ${expectedNames[expected]}`,
    }
  )
}

function trailingComma({text, offset, token, expected}: Unexpected): SyntaxFault | undefined {
  const before = text.slice(0, offset).trimEnd()
  const closes = (token === ']' && expected === 'value') || (token === '}' && expected === 'key')
  return closes && before.endsWith(',')
    ? {offset: before.length - 1, message: `a comma before the closing ${token}`, hint: 'remove the comma'}
    : undefined
}

function endTooSoon({text, offset, expected, open}: Unexpected): SyntaxFault {
  const innermost = open.at(-1)
  if (innermost === undefined) {
    return {offset, message: 'the file is empty', hint: 'write an array of instances: [{…}]'}
  }
  const {line, column} = placeAt(text, innermost)
  const bracket = text[innermost] ?? ''
  return {
    offset,
    message: `the file ends where ${expectedNames[expected]} is expected`,
    hint: `the ${bracket} of line ${line}, column ${column} is not closed`,
  }
}

/** What other languages allow and JSON does not. */
function foreignSyntax({text, offset, expected}: Unexpected): SyntaxFault | undefined {
  const rest = text.slice(offset, offset + 2)
  if (rest === '//' || rest === '/*' || rest.startsWith('#')) {
    return {offset, message: 'a comment, which JSON does not have', hint: 'remove it'}
  }
  if (rest.startsWith("'") || rest.startsWith('`')) {
    return {offset, message: 'a string in the wrong quotes', hint: 'JSON strings are in double quotes: "…"'}
  }
  if (numberLike.test(rest) && expected.startsWith('value')) {
    const hint = 'a number is written like 10, -1, 0.5 or 1e6; anything else goes in double quotes'
    return {offset, message: 'this is not a number that JSON knows', hint}
  }
  if (wordLike.test(rest) && (expected.startsWith('value') || expected.startsWith('key'))) {
    const hint = expected.startsWith('key') ? 'keys are in double quotes' : 'strings are in double quotes'
    return {offset, message: 'a word without quotes', hint}
  }
  return undefined
}

const foundNames: ReadonlyMap<Token, string> = new Map([
  ['string', 'a string'],
  ['literal', 'a number, true, false or null'],
  ['other', 'something that is not JSON'],
])

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
