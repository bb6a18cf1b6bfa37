import stringWidth from 'string-width'
import type {Span} from '../../json/fault.js'
import {printable} from '../../text/printable.js'
import type {HiddenSpans} from './hidden-text.js'

/** Stands for what is not shown. */
const ellipsis = '…'
const tab = '  '

/** A part of a line of source, as it is shown. */
interface Piece extends Span {
  readonly isHidden: boolean
}

/** A part of a line of an instances file for people: nothing in it acts on a terminal, and what is hidden is `…`. */
export class SourceLine {
  readonly shown: string
  readonly #text: string
  readonly #pieces: readonly Piece[]

  /**
   * @param span which part of the text
   * @param hidden what must not be seen
   */
  constructor(text: string, span: Span, hidden: HiddenSpans) {
    this.#text = text
    this.#pieces = piecesOf(span, hidden.within(span))
    this.shown = this.#pieces.map(piece => this.#show(piece, piece.end)).join('')
  }

  /** In which column of a terminal, from 0, the character at `offset` of the text is shown. */
  columnOf(offset: number): number {
    const before = this.#pieces.filter(({start}) => start < offset)
    return stringWidth(before.map(piece => this.#show(piece, offset)).join(''))
  }

  #show({start, end, isHidden}: Piece, limit: number): string {
    if (isHidden) {
      return end <= limit ? ellipsis : ''
    }
    return printable(this.#text.slice(start, Math.min(end, limit)).replaceAll('\t', tab))
  }
}

function piecesOf({start, end}: Span, hidden: readonly Span[]): readonly Piece[] {
  let offset = start
  const pieces = joined(hidden).flatMap(span => {
    const shown = {start: offset, end: span.start, isHidden: false}
    offset = span.end
    return [shown, {...span, isHidden: true}]
  })
  return [...pieces, {start: offset, end, isHidden: false}]
}

/** With those in one that have nothing between them. */
function joined(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = []
  for (const span of spans) {
    const last = all.at(-1)
    const start = last?.end === span.start ? all.pop()?.start : undefined
    all.push({start: start ?? span.start, end: span.end})
  }
  return all
}
