import type {Span, SyntaxFault} from './fault.js'
import {mostFaults} from './fault-limit.js'
import type {JsonListener} from './listener.js'
import {type JsonNode, type Member, ObjectNode, textAt} from './node.js'
import {scanJson} from './scan.js'

/** An array or an object that is not closed yet. */
export interface OpenNode {
  readonly type: 'array' | 'object'
  /** In an object: the key whose value comes next. */
  readonly key: string | undefined
}

/**
 * Called with each value as it ends, the innermost first, and with what it is in, outermost first.
 * @returns whether the tree is to keep it
 */
export type Visit = (node: JsonNode, open: readonly OpenNode[]) => boolean

/** The tree of the value in `text` that begins at `start`. */
export function readTree(text: string, start: number): JsonNode {
  const builder = new TreeBuilder(text)
  scanJson(text, builder, start)
  return builder.root
}

interface Growing {
  readonly type: 'array' | 'object'
  readonly start: number
  readonly elements: JsonNode[]
  readonly members: Member[]
  key: string | undefined
  keySpan: Span
}

const nowhere: Span = {start: 0, end: 0}

/** Makes a tree of what `scanJson` tells. */
export class TreeBuilder implements JsonListener {
  /** What was wrong on the way. */
  readonly faults: SyntaxFault[] = []
  /** The value itself, once it has ended. */
  root: JsonNode = {type: 'scalar', ...nowhere}
  readonly #text: string
  readonly #visit: Visit
  readonly #open: Growing[] = []

  constructor(text: string, visit: Visit = () => true) {
    this.#text = text
    this.#visit = visit
  }

  open(start: number): void {
    const type = this.#text[start] === '[' ? 'array' : 'object'
    this.#open.push({type, start, elements: [], members: [], key: undefined, keySpan: nowhere})
  }

  key(start: number, end: number): void {
    const object = this.#open.at(-1)
    if (object !== undefined) {
      object.keySpan = {start, end}
      object.key = textAt(this.#text, object.keySpan)
    }
  }

  scalar(start: number, end: number): void {
    this.#add({type: 'scalar', start, end})
  }

  close(end: number): void {
    const closed = this.#open.pop()
    if (closed !== undefined) {
      const {type, start, elements, members} = closed
      this.#add(type === 'array' ? {type, start, end, elements} : new ObjectNode({start, end}, members))
    }
  }

  fault(fault: SyntaxFault): void {
    // A string may hold millions, all of them plain.
    if (!fault.isPlain || this.faults.length <= mostFaults) {
      this.faults.push(fault)
    }
  }

  #add(node: JsonNode): void {
    const isKept = this.#visit(node, this.#open)
    const parent = this.#open.at(-1)
    if (parent === undefined) {
      this.root = node
    } else if (isKept && parent.type === 'array') {
      parent.elements.push(node)
    } else if (isKept) {
      parent.members.push({key: parent.key ?? '', keySpan: parent.keySpan, value: node})
    }
  }
}
