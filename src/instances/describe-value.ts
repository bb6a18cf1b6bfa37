import type {JsonValue} from '../json/value.js'
import {quoted} from '../text/printable.js'

/** What `value` is, for a message: a number or a string itself, of an array or an object only that it is one. */
export function describeValue(value: JsonValue | undefined): string {
  switch (typeof value) {
    case 'string':
      return `the string ${quoted(value)}`
    case 'number':
    case 'boolean':
      return String(value)
    default:
      return describeType(value)
  }
}

/** The type of `value`, for a message about a value that must not be shown. */
export function describeType(value: JsonValue | undefined): string {
  if (value === null || value === undefined) {
    return 'null'
  }
  if (Array.isArray(value)) {
    return 'an array'
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
