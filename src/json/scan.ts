import type {SyntaxFault} from './fault.js'
import {FaultLimit} from './fault-limit.js'
import {type Expected, expectedInside, expectsKey, grammar, type Token} from './grammar.js'
import type {JsonListener} from './listener.js'
import {recover} from './recover.js'
import type {Way} from './recovery.js'
import {findForeignEnd, findStringEnd, type StringEnd} from './strings.js'
import {foreignEnd, literalEnd, skipBlanks, tokenAt} from './tokens.js'

/**
 * How deep arrays and objects may be nested. Far more than a person writes, and few enough that the programs in a
 * guest can follow: Python's json gives up near 1,000, others at 512.
 */
const deepestNesting = 500

/**
 * Goes through the value in `text` that begins at or behind `start`, and from the text's beginning also through what
 * follows it. It stops at no fault, but takes the most likely meaning and goes on, until there are too many, or brackets
 * are nested too deep.
 *
 * @returns the offset up to which it came
 */
export function scanJson(text: string, listener: JsonListener, start = 0): number {
  const scan = new Scan(text, listener, start)
  while (scan.step()) {
    // Each step is one token.
  }
  return scan.offset
}

class Scan {
  readonly #text: string
  readonly #listener: JsonListener
  readonly #isPart: boolean
  /** The offsets of the brackets that are open, outermost first. */
  readonly #open: number[] = []
  /** Where the next token is looked for. */
  offset: number
  #expected: Expected = 'value'
  #separator = 0
  readonly #limit = new FaultLimit()

  constructor(text: string, listener: JsonListener, start: number) {
    this.#text = text
    this.#listener = listener
    this.offset = start
    this.#isPart = start > 0
  }

  /** Goes on by one token. @returns whether there is more to come */
  step(): boolean {
    if (this.#isPart && this.#expected === 'end of file') {
      return false
    }
    const text = this.#text
    const start = skipBlanks(text, this.offset)
    const token = tokenAt(text, start)
    if (token === 'end of file' && this.#expected === 'end of file') {
      return false
    }
    this.offset = start
    const next = grammar[this.#expected][token]
    if (next === undefined) {
      return this.#recover(token)
    }
    this.#accept(token, next)
    return !this.#isTooDeep()
  }

  #isTooDeep(): boolean {
    const start = this.#open[deepestNesting]
    if (start === undefined) {
      return false
    }
    const message = `nested more than ${deepestNesting} levels deep`
    const span = {start, end: start + 1}
    this.#tell({rule: 'vmrun/nested-too-deep', ...span, message, hint: 'make it flatter', isPlain: false})
    return true
  }

  #accept(token: Token, next: Expected | 'after value'): void {
    const start = this.offset
    switch (token) {
      case 'string':
        this.#take(start, this.#told(findStringEnd(this.#text, start)), next)
        return
      case 'literal':
        this.#take(start, literalEnd(this.#text, start), next)
        return
      case '[':
      case '{':
        this.#open.push(start)
        this.#listener.open?.(start)
        break
      case ']':
      case '}':
        this.#open.pop()
        this.#listener.close?.(start + 1)
        break
      case ',':
        this.#separator = start
        break
      default:
    }
    this.offset = start + 1
    this.#goOn(next)
  }

  /** Takes what stands there for a key or a value without parts, whichever is expected. */
  #take(start: number, end: number, next: Expected | 'after value'): void {
    if (expectsKey(this.#expected)) {
      this.#listener.key?.(start, end)
    } else {
      this.#listener.scalar?.(start, end)
    }
    this.offset = end
    this.#goOn(next)
  }

  #goOn(next: Expected | 'after value'): void {
    this.#expected = next === 'after value' ? expectedInside(this.#text[this.#open.at(-1) ?? -1]) : next
  }

  #recover(token: Token): boolean {
    const {fault, way} = recover({
      text: this.#text,
      offset: this.offset,
      token,
      expected: this.#expected,
      open: this.#open,
      separator: this.#separator,
    })
    if (fault !== undefined) {
      this.#tell(fault)
    }
    this.#follow(token, way)
    if (way.do === 'stop' || !this.#limit.isReached) {
      return way.do !== 'stop'
    }
    const span = {start: this.offset, end: this.offset}
    const message = 'too many mistakes: what follows is not looked at'
    this.#listener.fault?.({rule: 'vmrun/unexpected-text', ...span, message, isPlain: false})
    return false
  }

  #follow(token: Token, way: Way): void {
    const start = this.offset
    switch (way.do) {
      case 'skip':
        this.#listener.foreign?.({start, end: way.end})
        this.#separator = way.expected === undefined ? this.#separator : start
        this.offset = way.end
        this.#expected = way.expected ?? this.#expected
        return
      case 'expect':
        this.#expected = way.expected
        return
      case 'take':
        this.#take(start, this.#endOf(token, start), expectsKey(this.#expected) ? ':' : 'after value')
        return
      case 'insert':
        this.#listener[way.what === 'key' ? 'key' : 'scalar']?.(start, start)
        this.#goOn(way.what === 'key' ? 'value' : 'after value')
        return
      case 'close':
        for (const _ of this.#open.splice(-way.count)) {
          this.#listener.close?.(way.end)
        }
        this.offset = way.end
        this.#goOn('after value')
        return
      case 'stop':
    }
  }

  #endOf(token: Token, start: number): number {
    switch (token) {
      case 'quotes':
        return this.#told(findForeignEnd(this.#text, start))
      case 'literal':
        return literalEnd(this.#text, start)
      default:
        return foreignEnd(token, this.#text, start)
    }
  }

  #told({end, faults}: StringEnd): number {
    for (const fault of faults) {
      this.#tell(fault)
    }
    return end
  }

  #tell(fault: SyntaxFault): void {
    this.#limit.count(fault)
    this.#listener.fault?.(fault)
  }
}
