import {quoted} from '../text/printable.js'
import {elementsOf, type JsonNode, membersOf} from './json.js'
import {errorAt, formatKeyPath, type KeyPath, mostProblems, type TextProblem} from './problem.js'

/**
 * What readers of an entry would not agree on (RFC 7493, 2.2 and 2.3): keys that stand twice in one object, and numbers in
 * the config that would reach the guest as other numbers, as a JavaScript number (IEEE 754 binary64) cannot hold them. Of
 * very many the first. Where only a part of an entry is looked at, `start` is the way to it.
 */
export function findAmbiguities(entry: JsonNode, text: string, start: KeyPath = []): readonly TextProblem[] {
  const found: TextProblem[] = []
  const path = [...start]
  const look = (node: JsonNode): void => {
    if (found.length <= mostProblems) {
      found.push(...inexactNumber(node, path, text), ...duplicatesIn(node, path))
      const parts = [
        ...elementsOf(node).entries(),
        ...membersOf(node).map(({key, value}) => [key, value] as const),
      ]
      for (const [step, part] of parts) {
        path.push(step)
        look(part)
        path.pop()
      }
    }
  }
  look(entry)
  return found
}

/** Keys that stand twice in one object; none of what is no object. */
export function duplicatesIn(object: JsonNode, path: KeyPath = []): readonly TextProblem[] {
  const firsts = new Map<string, JsonNode>()
  const found: TextProblem[] = []
  for (const {key, keyNode} of membersOf(object)) {
    const first = firsts.get(key)
    if (first === undefined) {
      firsts.set(key, keyNode)
    } else if (found.length <= mostProblems) {
      const message = `the key ${quoted(key)} stands twice in one object`
      const more = {hint: 'remove one of the two', key: formatKeyPath([...path, key]), first}
      found.push(errorAt(keyNode, 'vmrun/duplicate-key', message, more))
    }
  }

  return found
}

function inexactNumber(node: JsonNode, path: KeyPath, text: string): readonly TextProblem[] {
  if (
    node.type !== 'number' ||
    path[0] !== 'config' ||
    isExact(text.slice(node.offset, node.offset + node.length))
  ) {
    return []
  }

  const key = formatKeyPath(path)
  const message = `${key} is a number that cannot be handed on exactly as it is written`
  const hint = 'write it as a string, in double quotes'
  return [errorAt(node, 'vmrun/inexact-number', message, {hint, key})]
}

/** A number with more digits than these is none that a binary64 prints. */
const longestNumber = 400

/** Whether a number is handed on, as JSON.stringify writes it, with the digits with which it is written. */
function isExact(written: string): boolean {
  return written.length <= longestNumber && digitsOf(String(Number(written))) === digitsOf(written)
}

const exponentOrSign = /e.*$|[-.]/giu
const outerZeros = /^0+|0+$/gu

function digitsOf(number: string): string {
  return number.replaceAll(exponentOrSign, '').replaceAll(outerZeros, '')
}
