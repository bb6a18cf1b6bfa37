import {ownKeyNames} from '../../instances/schema.js'
import type {Span} from '../../json/fault.js'
import type {JsonListener} from '../../json/listener.js'
import {textAt} from '../../json/node.js'
import {scanJson} from '../../json/scan.js'

/** Keys whose values are no secrets, whoever wrote them: those of vmrun itself, but for the config. */
const shownKeys: ReadonlySet<string> = new Set([...ownKeyNames.filter(key => key !== 'config'), '$schema'])
/** The same for keys inside those. */
const shownInnerKeys: ReadonlySet<string> = new Set(['kind', 'bus'])
const namedKeys: ReadonlySet<string> = new Set([...ownKeyNames, ...shownKeys, ...shownInnerKeys, 'instances'])

/** A string without one may be a value that has lost its key. */
const colon = /\s*:/uy
const punctuation = /^[[\]{}:,]$/u

/**
 * The parts of an instances file that nobody but its reader may see, as they are, or could be, values of a config:
 * whoever shows the lines around a problem leaves them out. With a mistake of which it is not plain what was meant,
 * everything is such a part but brackets, commas, colons and the names of vmrun's own keys.
 *
 * @param windows what is to be shown, in any order
 * @returns those in one of the windows
 */
export function hiddenSpans(text: string, windows: readonly Span[]): HiddenSpans {
  const finder = new Finder(text, disjoint(windows), hasUnclearFault(text))
  const end = scanJson(text, finder)
  finder.hide({start: end, end: text.length})
  return new HiddenSpans(finder.hidden)
}

/** A mistake may be noticed only behind what it makes look like something else. */
function hasUnclearFault(text: string): boolean {
  let isUnclear = false
  scanJson(text, {
    fault: ({isPlain}) => {
      isUnclear ||= !isPlain
    },
  })
  return isUnclear
}

/** What must not be seen of a text. */
export class HiddenSpans {
  /** In the order of the text; none overlaps another. */
  readonly #spans: readonly Span[]

  constructor(spans: readonly Span[]) {
    this.#spans = spans
  }

  /** What must not be seen of a part of the text. */
  within({start, end}: Span): readonly Span[] {
    const found: Span[] = []
    for (let index = this.#firstBehind(start); ; index += 1) {
      const span = this.#spans[index]
      if (span === undefined || span.start >= end) {
        return found
      }
      found.push({start: Math.max(start, span.start), end: Math.min(end, span.end)})
    }
  }

  /** The index of the first that ends behind `offset`. */
  #firstBehind(offset: number): number {
    let [first, last] = [0, this.#spans.length]
    while (first < last) {
      const middle = Math.floor((first + last) / 2)
      if ((this.#spans[middle]?.end ?? 0) <= offset) {
        first = middle + 1
      } else {
        last = middle
      }
    }
    return first
  }
}

class Finder implements JsonListener {
  readonly hidden: Span[] = []
  readonly #text: string
  readonly #windows: readonly Span[]
  /** The first window that does not end before what comes next. */
  #window = 0
  /** What is open, outermost first: the key of an object whose value comes next, or nothing in an array. */
  readonly #open: (string | undefined)[] = []
  /** A key that is shown, and behind which nothing has come yet. */
  #lastKey: Span | undefined
  #isMended: boolean
  readonly #isUnclear: boolean

  constructor(text: string, windows: readonly Span[], isUnclear: boolean) {
    this.#text = text
    this.#windows = windows
    this.#isUnclear = isUnclear
    this.#isMended = isUnclear
  }

  open(start: number): void {
    this.#lastKey = undefined
    this.#open.push(this.#text[start] === '{' ? '' : undefined)
  }

  close(): void {
    this.#open.pop()
  }

  key(start: number, end: number): void {
    const key = textAt(this.#text, {start, end})
    this.#open.splice(-1, 1, key)
    if (namedKeys.has(key)) {
      return
    }
    colon.lastIndex = end
    if (this.#isMended || !colon.test(this.#text)) {
      this.hide({start, end})
    } else {
      this.#lastKey = {start, end}
    }
  }

  scalar(start: number, end: number): void {
    this.#lastKey = undefined
    const span = {start, end}
    if (this.#isInWindow(span) && (this.#isUnclear || !this.#isShown())) {
      this.hidden.push(span)
    }
  }

  foreign({start, end}: Span): void {
    if (!punctuation.test(this.#text.slice(start, end))) {
      this.hide({start, end})
    }
  }

  fault(): void {
    // A key that has no value may have been meant to be one.
    if (this.#lastKey !== undefined) {
      this.hide(this.#lastKey)
      this.#lastKey = undefined
    }
    this.#isMended = true
  }

  hide(span: Span): void {
    if (this.#isInWindow(span)) {
      this.hidden.push(span)
    }
  }

  #isInWindow({start, end}: Span): boolean {
    let window = this.#windows[this.#window]
    while (window !== undefined && window.end <= start) {
      this.#window += 1
      window = this.#windows[this.#window]
    }
    return window !== undefined && start < end && window.start < end
  }

  /** Whether a value that stands here may be seen. */
  #isShown(): boolean {
    const keys = this.#open.filter(key => key !== undefined)
    const [first, ...inner] = keys[0] === 'instances' ? keys.slice(1) : keys
    if (this.#isMended && (inner.length > 0 || this.#open.at(-1) === undefined)) {
      // What a key of vmrun's own seems to hold may be what was left over of a config.
      return false
    }
    return first !== undefined && shownKeys.has(first) && inner.every(key => shownInnerKeys.has(key))
  }
}

/** The same parts of a text, none of which overlaps another, in their order. */
function disjoint(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = []
  for (const span of spans.toSorted((one, other) => one.start - other.start)) {
    const last = joined.at(-1)
    if (last === undefined || last.end < span.start) {
      joined.push(span)
    } else {
      joined.splice(-1, 1, {start: last.start, end: Math.max(last.end, span.end)})
    }
  }
  return joined
}
