import type {ValueNode} from '@humanwhocodes/momoa'
import {printable} from '../text/printable.js'
import {describeType} from './describe-value.js'
import {isJsonObject, type JsonValue} from './instance.js'
import type {JsonDocument} from './json-document.js'
import type {Finding} from './problem.js'
import {childAt, placeOf} from './source-places.js'

/** One element of the instances file before it is known to be an instance. */
export interface Entry {
  readonly value: JsonValue
  readonly node: ValueNode
  /** Its name, printable, where it has one. */
  readonly name: string | undefined
}

/** The elements of the array that an instances file is, and what is wrong with the array itself. */
export interface Entries {
  readonly entries: readonly Entry[]
  readonly findings: readonly Finding[]
}

/** Takes the document of an instances file apart. */
export function splitIntoEntries({value, root}: JsonDocument): Entries {
  if (root.type !== 'Array') {
    const message = `the file must hold an array of instances, not ${describeType(value)}`
    const hint = 'write [{…}], even for one instance'
    return {entries: [], findings: [{severity: 'error', message, hint, ...placeOf(root)}]}
  }
  if (root.elements.length === 0) {
    const message = 'the file holds no instance'
    return {entries: [], findings: [{severity: 'warning', message, ...placeOf(root)}]}
  }
  const values: readonly JsonValue[] = Array.isArray(value) ? value : []
  return {
    entries: values.flatMap((entry, index) => {
      const node = childAt(root, index)
      return node === undefined ? [] : {value: entry, node, name: nameOf(entry)}
    }),
    findings: [],
  }
}

function nameOf(value: JsonValue): string | undefined {
  const name = isJsonObject(value) ? value['name'] : undefined
  return typeof name === 'string' ? printable(name) : undefined
}
