import {isJsonObject, type JsonObject, type JsonValue} from '../json/value.js'
import type {KeyPath} from './key-path.js'

/** A string in a config. */
interface ConfigString {
  readonly text: string
  /** The way to it, which begins with `config`. */
  readonly path: () => KeyPath
}

/** An array or an object, and how far it was gone through. */
interface OpenValue {
  readonly steps: Iterator<readonly [string | number, JsonValue]>
  /** The way to the part that is looked at. */
  step: string | number
}

/** Every value in `config` that is a string which may hold a placeholder, in its order; keys are not among them. */
export function* placeholderStringsIn(config: JsonObject): Generator<ConfigString> {
  const open: OpenValue[] = [openValue({config})]
  const path = () => open.map(({step}) => step)
  for (let innermost = open.at(-1); innermost !== undefined; innermost = open.at(-1)) {
    const next = innermost.steps.next()
    if (next.done) {
      open.pop()
      continue
    }
    const [step, part] = next.value
    innermost.step = step
    if (typeof part === 'object' && part !== null) {
      open.push(openValue(part))
    } else if (typeof part === 'string' && part.includes('{{')) {
      yield {text: part, path}
    }
  }
}

function openValue(value: JsonObject | readonly JsonValue[]): OpenValue {
  return {steps: isJsonObject(value) ? Object.entries(value).values() : value.entries(), step: ''}
}
