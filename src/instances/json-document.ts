import {parse, type ValueNode} from '@humanwhocodes/momoa'
import type {JsonValue} from './instance.js'
import {findDepthFault} from './json-depth.js'
import type {SyntaxFault} from './json-grammar.js'
import {findSyntaxFault} from './json-syntax.js'

/** A text that is JSON: what it means, and where each part of it stands. */
export interface JsonDocument {
  readonly value: JsonValue
  readonly root: ValueNode
}

/** What `text` holds, or the first place where it stops being JSON that we take. */
export function parseJson(text: string): JsonDocument | SyntaxFault {
  const fault = findDepthFault(text)
  try {
    const value: JsonValue = JSON.parse(text)
    return fault ?? {value, root: parse(text).body}
  } catch {
    return findSyntaxFault(text) ?? fault ?? {offset: 0, message: 'the file cannot be read as JSON'}
  }
}
