import type {SyntaxFault} from '../json/fault.js'
import {type JsonNode, meaningOf} from '../json/node.js'
import {isJsonObject, type JsonValue} from '../json/value.js'
import {printable} from '../text/printable.js'
import {longestName} from './value-schemas.js'

/** One element of the instances file before it is known to be an instance. */
export interface Entry {
  readonly value: JsonValue
  readonly node: JsonNode
  /** The text of the whole file, which the spans of `node` are about. */
  readonly text: string
  /** Its name, printable, where it has one that an instance can have. */
  readonly name: string | undefined
  /** The mistakes in the text up to its end; of those in the entry, it is plain what was meant. */
  readonly faults: readonly SyntaxFault[]
}

/** The element of the instances file `text` that stands at `node`. */
export function entryAt(node: JsonNode, text: string, faults: readonly SyntaxFault[] = []): Entry {
  const value = meaningOf(node, text)
  return {value, node, text, name: nameOf(value), faults}
}

function nameOf(value: JsonValue): string | undefined {
  const name = isJsonObject(value) ? value['name'] : undefined
  return typeof name === 'string' && name.length <= longestName ? printable(name) : undefined
}
