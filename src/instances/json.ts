import {
  createScanner,
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import type {JsonValue} from '../contract/json-value.js'
import {errorAt, type KeyPath, type Span, type TextProblem} from './problem.js'
import type {RuleId} from './rules.js'

/** A value in a text, and where it stands. */
export type JsonNode = Node

/** Reads a text of JSON (RFC 8259), or tells the first thing that is wrong with it. */
export function readJson(text: string): {readonly root: JsonNode} | {readonly problem: TextProblem} {
  const excess = excessOf(text)
  if (excess !== undefined) {
    return {problem: excess}
  }

  const errors: ParseError[] = []
  const root = parseTree(text, errors, {disallowComments: true, allowTrailingComma: false})
  const [first] = errors.toSorted((one, other) => one.offset - other.offset)
  return first === undefined && root !== undefined ? {root} : {problem: syntaxProblem(text, first)}
}

/** What a node stands for. By JSON.parse, to which `__proto__` is a key like any other. */
export function meaningOf({offset, length}: Span, text: string): JsonValue {
  return JSON.parse(text.slice(offset, offset + length))
}

/** A member of an object. */
export interface Member {
  readonly key: string
  readonly keyNode: JsonNode
  readonly value: JsonNode
}

/** The members of an object in their order; one key may be there more than once. None of what is no object. */
export function membersOf({type, children = []}: JsonNode): readonly Member[] {
  return type === 'object'
    ? children.flatMap(({children: [keyNode, value] = []}) =>
        keyNode === undefined || value === undefined ? [] : [{key: String(keyNode.value), keyNode, value}],
      )
    : []
}

/** The elements of an array; none of what is no array. */
export function elementsOf({type, children = []}: JsonNode): readonly JsonNode[] {
  return type === 'array' ? children : []
}

/**
 * What to point at for the value at `path` below `node`, or for `node` where there is none. An array or an object may be
 * long, and so its bracket stands for it.
 */
export function headAt(node: JsonNode, path: KeyPath): Span {
  const {type, offset, length} = findNodeAtLocation(node, [...path]) ?? node
  return {offset, length: type === 'array' || type === 'object' ? 1 : length}
}

/** How deep arrays and objects may be nested. Programs that read JSON in a guest often give up near that. */
const deepest = 500

/** More values than this take more memory than a host may have to spare. */
const mostValues = 1_000_000

/** What keeps a text from being read at all. Before each value but the outermost stands a bracket or a comma. */
function excessOf(text: string): TextProblem | undefined {
  const scanner = createScanner(text, true)
  let [depth, values] = [0, 0]
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const offset = scanner.getTokenOffset()
    const start = text.charAt(offset)
    depth += Number('[{'.includes(start)) - Number(']}'.includes(start))
    values += Number('[{,'.includes(start))
    if (depth > deepest) {
      const message = `nested more than ${deepest} levels deep`
      return problem(offset, 1, 'vmrun/nested-too-deep', message, 'make it flatter')
    }

    if (values > mostValues) {
      const message = `the file holds more than ${mostValues} values`
      return problem(offset, 1, 'vmrun/too-large', message, 'make it smaller')
    }
  }

  return
}

/** What a text breaks, and what to do about that. None of it repeats the text, which may be a secret. */
type Told = readonly [rule: RuleId, message: string, hint: string]

function problem(offset: number, length: number, ...[rule, message, hint]: Told): TextProblem {
  return errorAt({offset, length}, rule, message, {hint})
}

const quotes =
  'keys and strings are in double quotes; without them there are only numbers, true, false and null'
const backslash = String.raw`write a backslash itself as \\`
const rest = 'close the bracket, or get the rest of the file'
const lineBreak = String.raw`close it with ", or write a line break in it as \n`
const tab = String.raw`write it as an escape: a tab is \t`
const colon = 'write a colon between a key and its value'
const comma = 'write a comma behind the value before it, or close the bracket'
const comment: Told = ['vmrun/comment', 'a comment, which JSON does not have', 'remove it']
const malformedEscape: Told = [
  'vmrun/malformed-escape',
  'a backslash in this string begins no escape',
  backslash,
]
const unclosed: Told = ['vmrun/unclosed-bracket', 'the file ends before a bracket is closed', rest]

/** By the parser's names for what is wrong. */
const toldOf: Readonly<Record<string, Told>> = {
  InvalidCommentToken: comment,
  UnexpectedEndOfComment: comment,
  UnexpectedEndOfNumber: ['vmrun/malformed-number', 'this is not a number that JSON knows', quotes],
  InvalidUnicode: malformedEscape,
  InvalidEscapeCharacter: malformedEscape,
  CloseBraceExpected: unclosed,
  CloseBracketExpected: unclosed,
  UnexpectedEndOfString: ['vmrun/unclosed-string', 'this string is not closed on its line', lineBreak],
  InvalidCharacter: ['vmrun/control-character', 'this string has a control character in it', tab],
  InvalidSymbol: ['vmrun/unexpected-text', 'this has no place in JSON', quotes],
  ColonExpected: ['vmrun/missing-colon', 'a colon is expected before this', colon],
  CommaExpected: ['vmrun/missing-comma', 'a comma or a closing bracket is expected before this', comma],
  PropertyNameExpected: ['vmrun/unexpected-text', 'a key is expected here', quotes],
  ValueExpected: [
    'vmrun/unexpected-text',
    'a value is expected here',
    'write one, or remove what asks for it',
  ],
  EndOfFileExpected: [
    'vmrun/unexpected-text',
    'the end of the file is expected here',
    'put all of it into one array or object, or remove the rest',
  ],
}

const conflict = /^(?:<{7}|={7}|>{7})(?= |$)/mu

/** Why a text is no JSON. @param error what the parser says first of it */
function syntaxProblem(text: string, error: ParseError | undefined): TextProblem {
  if (error === undefined || text.trim() === '') {
    return problem(0, 0, 'vmrun/empty-file', 'the file is empty', 'write [{…}], or {…} for --config')
  }

  const marks = conflict.exec(text)
  if (marks !== null) {
    const hint = 'keep what is right of both sides, and remove the marks'
    return problem(marks.index, 7, 'vmrun/merge-conflict', 'a merge conflict that is not resolved', hint)
  }

  const {offset} = error
  const name = printParseErrorCode(error.error)
  if (name === 'ValueExpected' || name === 'PropertyNameExpected') {
    // What is absent may be so because the file ends, or because of a comma: this one, or the one before a bracket.
    const here = text.charAt(offset)
    const commaAt = closing.test(here) ? text.slice(0, offset).search(commaBefore) : offset
    if (here === '') {
      return problem(offset, 0, ...unclosed)
    }

    if (text.charAt(commaAt) === ',') {
      const message = 'a comma that has no value before or behind it'
      return problem(commaAt, 1, 'vmrun/trailing-comma', message, 'remove it, or write the value')
    }
  }

  // The parser takes a comment that is not closed to go on behind the end.
  const length = Math.min(error.length, text.length - offset)
  return problem(offset, length, ...(toldOf[name] ?? unclosed))
}

const commaBefore = /,\s*$/u
const closing = /^[\]}]$/u
