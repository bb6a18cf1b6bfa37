import {quoted} from '../text/printable.js'

/** The way from an instance down to a value: keys of objects and indexes of arrays. */
export type KeyPath = readonly (string | number)[]

const plainKey = /^[\w-]{1,60}$/u
const longestFirst = 200

/** Of a longer path the middle is left out. */
const mostSteps = 20

/** `path` as a person writes it: `config.tokens[0]`, `config["a b"]`. What is very long is cut. */
export function formatKeyPath(path: KeyPath): string {
  const steps =
    path.length > mostSteps
      ? [...path.slice(0, mostSteps / 2).map(formatStep), '…', ...path.slice(-mostSteps / 2).map(innerStep)]
      : path.map(formatStep)
  return steps.join('')
}

function innerStep(step: string | number): string {
  return formatStep(step, 1)
}

function formatStep(step: string | number, index: number): string {
  if (typeof step === 'number') {
    return `[${step}]`
  }
  if (index === 0) {
    return step.length > longestFirst ? `${step.slice(0, longestFirst)}…` : step
  }
  return plainKey.test(step) ? `.${step}` : `[${quoted(step)}]`
}
