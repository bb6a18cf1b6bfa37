import {isJsonObject, type JsonObject, type JsonValue} from '../json/value.js'
import type {KeyPath} from './key-path.js'

/** A string in a config, and the way to it. */
export interface ConfigString {
  readonly text: string
  /** Begins with `config`. */
  readonly path: KeyPath
}

interface LocatedValue {
  readonly value: JsonValue
  readonly path: KeyPath
}

/** Every string that is a value in `config`, in its order; keys are not among them. */
export function* stringsIn(config: JsonObject): Generator<ConfigString> {
  const ahead: LocatedValue[] = [{value: config, path: ['config']}]
  for (let current = ahead.pop(); current !== undefined; current = ahead.pop()) {
    const {value, path} = current
    if (typeof value === 'string') {
      yield {text: value, path}
    } else {
      addParts(value, path, ahead)
    }
  }
}

/** The last comes first, as the first is taken from the end. What holds no text, as most that is none, is left out. */
function addParts(value: JsonValue, path: KeyPath, ahead: LocatedValue[]): void {
  if (typeof value !== 'object' || value === null) {
    return
  }
  const steps = isJsonObject(value) ? Object.entries(value) : Array.from(value.entries())
  for (const [step, part] of steps.reverse()) {
    if (typeof part === 'string' || typeof part === 'object') {
      ahead.push({value: part, path: [...path, step]})
    }
  }
}
