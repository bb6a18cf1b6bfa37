import {isJsonObject, type JsonObject, type JsonValue} from '../../src/contract/json-value.js'

/** A text as it is written to stand for itself. */
export function literal(text: string): string {
  return text.replaceAll('${{', () => '$${{')
}

/** A copy in which every string that is no key is written so. */
function literals(value: JsonValue): JsonValue {
  if (typeof value === 'string') {
    return literal(value)
  }

  if (Array.isArray(value)) {
    return value.map(literals)
  }

  return isJsonObject(value) ? literalsIn(value) : value
}

/** The same for every value of an object. */
export function literalsIn(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, literals(value)]))
}
