import type {Span, SyntaxFault} from './fault.js'

/** What a text consists of is told in its order. Offsets are in UTF-16 code units; ends are behind the thing. */
export interface JsonListener {
  readonly key?: (start: number, end: number) => void
  /** A string, a number, true, false or null; or what stands in the place of one. */
  readonly scalar?: (start: number, end: number) => void
  /** An array or an object begins. */
  readonly open?: (start: number) => void
  /** The innermost that is open ends. */
  readonly close?: (end: number) => void
  readonly fault?: (fault: SyntaxFault) => void
  /** What belongs to nothing. */
  readonly foreign?: (span: Span) => void
}
