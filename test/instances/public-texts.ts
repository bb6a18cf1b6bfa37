import {isJsonObject, type JsonValue} from '../../src/contract/json-value.js'

/** Every string and number of a document that messages may show: what is not a value inside a `config`. */
export function publicTexts(value: JsonValue, inConfig = false): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap(item => publicTexts(item, inConfig))
  }

  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([key, inner]) => [
      key,
      ...publicTexts(inner, inConfig || key === 'config'),
    ])
  }

  return inConfig ? [] : [String(value)]
}
