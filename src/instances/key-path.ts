import {quoted} from '../text/printable.js'

/** The way from an instance down to a value: keys of objects and indexes of arrays. */
export type KeyPath = readonly (string | number)[]

const plainKey = /^[\w-]+$/u

/** `path` as a person writes it: `config.tokens[0]`, `config["a b"]`. */
export function formatKeyPath(path: KeyPath): string {
  return path.map(formatStep).join('')
}

function formatStep(step: string | number, index: number): string {
  if (typeof step === 'number') {
    return `[${step}]`
  }
  if (index === 0) {
    return step
  }
  return plainKey.test(step) ? `.${step}` : `[${quoted(step)}]`
}
