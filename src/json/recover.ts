import {closes, isBalanced, isOtherKind} from './brackets.js'
import type {SyntaxFault} from './fault.js'
import {type Expected, expectsKey, expectsValue} from './grammar.js'
import type {Recovery, Unexpected} from './recovery.js'
import {contentEnd} from './strings.js'
import {
  comment,
  conflict,
  endTooSoon,
  foreignBlank,
  noColon,
  noComma,
  noJson,
  noValue,
  otherBracket,
  somethingElse,
  somethingFollows,
  strayColon,
  strayComma,
  strayQuote,
  unclosedBefore,
  unquoted,
  wrongBracket,
} from './syntax-faults.js'
import {foreignEnd} from './tokens.js'

const blank = /\s/u
/** Behind the end of a line, what git marks the sides of a conflict with. */
const conflictMark = /(?<=^|[\n\r])(?:<{7}|={7}|>{7}|\|{7})(?=\s|$)/uy

/** What somebody most likely meant whose JSON holds `token` where only `expected` may stand. */
export function recover(unexpected: Unexpected): Recovery {
  const {expected, token} = unexpected
  if (isConflict(unexpected)) {
    return {fault: conflict(unexpected), way: {do: 'stop'}}
  }
  if (token === 'comment') {
    return skipped(unexpected, comment(unexpected, isPlainComment(unexpected)))
  }
  if (token === 'end of file') {
    return {fault: endTooSoon(unexpected), way: {do: 'stop'}}
  }
  if (expected === 'end of file') {
    const isBracket = token === ']' || token === '}'
    const fault = isBracket ? wrongBracket(unexpected, 'remove it') : somethingFollows(unexpected)
    return {fault, way: {do: 'stop'}}
  }
  if (expected === ':') {
    return withoutColon(unexpected)
  }
  if (unexpected.open.length === 0 && (token === 'word' || token === 'number')) {
    return {fault: noJson(unexpected), way: {do: 'stop'}}
  }
  return expectsValue(expected) || expectsKey(expected)
    ? inPlaceOfContent(unexpected)
    : withoutComma(unexpected)
}

function withoutColon(unexpected: Unexpected): Recovery {
  const {text, offset, token} = unexpected
  if (text[offset] === '=') {
    const end = offset + (text[offset + 1] === '>' ? 2 : 1)
    return {fault: noColon(unexpected, true), way: {do: 'skip', end, expected: 'value'}}
  }
  switch (token) {
    case ',':
    case '}':
    case ']':
      return {fault: noValue(unexpected), way: {do: 'insert', what: 'value'}}
    case 'word':
      return isBetweenQuotes(unexpected) ? withoutQuote(unexpected, ', or }') : skippedOther(unexpected)
    case 'number':
    case 'other':
      return skippedOther(unexpected)
    default:
      return {fault: noColon(unexpected, false), way: {do: 'expect', expected: 'value'}}
  }
}

/** Where a key or a value may stand. */
function inPlaceOfContent(unexpected: Unexpected): Recovery {
  const {text, offset, token, open, separator} = unexpected
  switch (token) {
    case 'quotes':
      return {way: {do: 'take'}}
    case 'number':
    case 'word':
    case 'literal':
      return {fault: unquoted(unexpected), way: {do: 'take'}}
    case ',':
      return isBehindColon(unexpected)
        ? {fault: noValue(unexpected), way: {do: 'insert', what: 'value'}}
        : skipped(unexpected, strayComma(unexpected, offset))
    case ']':
    case '}':
      if (!closes(token, text[open.at(-1) ?? -1])) {
        return closedBy(unexpected)
      }
      return isBehindColon(unexpected)
        ? {fault: noValue(unexpected), way: {do: 'insert', what: 'value'}}
        : {
            fault: strayComma(unexpected, separator),
            way: {do: 'expect', expected: token === '}' ? ', or }' : ', or ]'},
          }
    case '[':
    case '{':
      return {fault: somethingElse(unexpected), way: {do: 'insert', what: 'key'}}
    default:
      return skippedOther(unexpected)
  }
}

/** Behind a value, where a comma or the closing bracket may stand. */
function withoutComma(unexpected: Unexpected): Recovery {
  const {text, offset, token, expected} = unexpected
  const next = expected === ', or ]' ? 'value' : 'key'
  if (text[offset] === ';') {
    return {fault: noComma(unexpected), way: {do: 'skip', end: offset + 1, expected: next}}
  }
  switch (token) {
    case 'string':
    case 'quotes':
    case 'literal':
    case '[':
    case '{':
      return {fault: noComma(unexpected), way: {do: 'expect', expected: next}}
    case ']':
    case '}':
      return closedBy(unexpected)
    case ':':
      return {
        fault: strayColon(unexpected),
        way: {do: 'skip', end: offset + 1, expected: 'value'},
      }
    case 'word':
      return isBetweenQuotes(unexpected) ? withoutQuote(unexpected, expected) : skippedOther(unexpected)
    default:
      return skippedOther(unexpected)
  }
}

/** Whatever the quotation marks of the rest of the line are, they cannot be told apart. */
function withoutQuote(unexpected: Unexpected, expected: Expected): Recovery {
  const end = contentEnd(unexpected.text, unexpected.offset)
  return {fault: strayQuote(unexpected), way: {do: 'skip', end, expected}}
}

function isBetweenQuotes({text, offset, token}: Unexpected): boolean {
  return text[offset - 1] === '"' && text[foreignEnd(token, text, offset)] === '"'
}

/** A closing bracket that is not the one of the innermost that is open. */
function closedBy(unexpected: Unexpected): Recovery {
  const {text, offset, token, open} = unexpected
  const closed = open.findLastIndex(opening => closes(token, text[opening]))
  if (closed === -1) {
    return {fault: wrongBracket(unexpected, 'remove it'), way: {do: 'skip', end: offset + 1}}
  }
  return isOtherKind(text, offset, open, closed)
    ? {fault: otherBracket(unexpected), way: {do: 'close', count: 1, end: offset + 1}}
    : {fault: unclosedBefore(unexpected), way: {do: 'close', count: open.length - 1 - closed, end: offset}}
}

function isConflict({text, offset}: Unexpected): boolean {
  conflictMark.lastIndex = offset
  return conflictMark.test(text)
}

function skippedOther(unexpected: Unexpected): Recovery {
  const isBlank = blank.test(unexpected.text[unexpected.offset] ?? '')
  return skipped(unexpected, isBlank ? foreignBlank(unexpected) : somethingElse(unexpected))
}

function skipped({text, offset, token}: Unexpected, fault: SyntaxFault): Recovery {
  return {fault, way: {do: 'skip', end: foreignEnd(token, text, offset)}}
}

/**
 * What stands between a key and its value, and has strings in it, may have been the value and more; what has a bracket
 * without the other one may leave what is in it to somebody else.
 */
function isPlainComment(unexpected: Unexpected): boolean {
  const {text, offset, token} = unexpected
  const content = text.slice(offset, foreignEnd(token, text, offset))
  return !(isBehindColon(unexpected) && content.includes('"')) && isBalanced(content)
}

function isBehindColon({text, expected, open}: Unexpected): boolean {
  return expected === 'value' && text[open.at(-1) ?? -1] === '{'
}
