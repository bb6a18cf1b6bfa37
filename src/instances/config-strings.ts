import {isJsonObject, type JsonObject, type JsonValue} from '../json/value.js'
import type {KeyPath} from './key-path.js'

/** A string in a config, and the way to it. */
export interface ConfigString {
  readonly text: string
  /** Begins with `config`. */
  readonly path: KeyPath
}

/** Every string that is a value in `config`, in its order; keys are not among them. */
export function* stringsIn(config: JsonObject): Generator<ConfigString> {
  const ahead: {readonly value: JsonValue; readonly path: KeyPath}[] = [{value: config, path: ['config']}]
  for (let current = ahead.pop(); current !== undefined; current = ahead.pop()) {
    const {value, path} = current
    if (typeof value === 'string') {
      yield {text: value, path}
    } else if (typeof value === 'object' && value !== null) {
      const steps = isJsonObject(value) ? Object.entries(value) : Array.from(value.entries())
      for (const [step, child] of steps.reverse()) {
        // Most of what is not a text holds none either.
        if (typeof child === 'string' || typeof child === 'object') {
          ahead.push({value: child, path: [...path, step]})
        }
      }
    }
  }
}
