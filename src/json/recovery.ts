import type {SyntaxFault} from './fault.js'
import type {Expected, Token} from './grammar.js'

/** A place where a token stands that may not. */
export interface Unexpected {
  readonly text: string
  readonly offset: number
  readonly token: Token
  readonly expected: Expected
  /** The offsets of the brackets that are open, outermost first. */
  readonly open: readonly number[]
  /** The offset of the last comma, or of what stood in the place of one. */
  readonly separator: number
}

/** What to tell of an unexpected token, and how to go on. */
export interface Recovery {
  readonly fault?: SyntaxFault | undefined
  readonly way: Way
}

/** How to go on behind a mistake. */
export type Way =
  /** As if the text up to `end` were not there. */
  | {readonly do: 'skip'; readonly end: number; readonly expected?: Expected}
  /** As if this were expected. */
  | {readonly do: 'expect'; readonly expected: Expected}
  /** As if it were a key or a value, whichever is expected. */
  | {readonly do: 'take'}
  /** As if a key, with its colon, or a value stood before it. */
  | {readonly do: 'insert'; readonly what: 'key' | 'value'}
  /** As if this many of the innermost brackets were closed before `end`. */
  | {readonly do: 'close'; readonly count: number; readonly end: number}
  | {readonly do: 'stop'}
