import {quoted} from '../text/printable.js'
import {elementsOf, type JsonNode, membersOf} from './json.js'
import {formatKeyPath, type KeyPath} from './key-path.js'
import {type Finding, mostProblems} from './problem.js'

/** Keys that stand twice in one object of an entry: readers differ in which of the two values they take. */
export function findDuplicateKeys(entry: JsonNode): readonly Finding[] {
  const findings: Finding[] = []
  walk(entry, [], (node, path) => {
    for (const finding of duplicatesIn(node, path)) {
      findings.push(finding)
    }

    return findings.length <= mostProblems
  })
  return findings
}

/** The same for one object alone. */
export function duplicatesIn(object: JsonNode, path: KeyPath = []): readonly Finding[] {
  const firsts = new Map<string, JsonNode>()
  const findings: Finding[] = []
  for (const {key, keyNode} of membersOf(object)) {
    const first = firsts.get(key)
    if (first === undefined) {
      firsts.set(key, keyNode)
    } else if (findings.length <= mostProblems) {
      findings.push({
        rule: 'vmrun/duplicate-key',
        severity: 'error',
        message: `the key ${quoted(key)} stands twice in one object`,
        hint: 'remove one of the two',
        key: formatKeyPath([...path, key]),
        at: keyNode,
        first,
      })
    }
  }

  return findings
}

/**
 * Numbers in the config of an entry that would reach the guest as other numbers than the file says, as a JavaScript
 * number (IEEE 754 binary64) cannot hold them: large integers, more than 17 digits, beyond the range.
 */
export function findInexactNumbers(entry: JsonNode, text: string): readonly Finding[] {
  const findings: Finding[] = []
  for (const {value} of membersOf(entry).filter(({key}) => key === 'config')) {
    walk(value, ['config'], (node, path) => {
      if (node.type === 'number' && !isExact(text.slice(node.offset, node.offset + node.length))) {
        const key = formatKeyPath(path)
        findings.push({
          rule: 'vmrun/inexact-number',
          severity: 'error',
          message: `${key} is a number that cannot be handed on exactly as it is written`,
          hint: 'write it as a string, in double quotes',
          key,
          at: node,
        })
      }

      return findings.length <= mostProblems
    })
  }

  return findings
}

/** The most that `toPrecision` takes. */
const mostDigits = 100

/** Whether a number prints with the digits with which it is written. */
function isExact(written: string): boolean {
  // What is written at such length has more digits than any number holds.
  if (written.length > 2 * mostDigits) {
    return false
  }

  const digits = significantDigits(written)
  const length = Math.max(1, digits.length)
  const value = Number(written)
  // As it is written by JSON.stringify, which may round the last digit otherwise, or with as many digits.
  return (
    significantDigits(String(value)) === digits ||
    (length <= mostDigits && significantDigits(value.toPrecision(length)) === digits)
  )
}

const exponent = /e.*$/iu
const signAndPoint = /[-.]/gu
const outerZeros = /^0+|0+$/gu

function significantDigits(number: string): string {
  return number.replace(exponent, '').replaceAll(signAndPoint, '').replaceAll(outerZeros, '')
}

/**
 * Visits a value and all below it, in the order of the file, as long as `visit` returns true.
 *
 * @param path is the same array for each of them, and changes from one to the next
 * @returns whether it went on to the end
 */
function walk(
  node: JsonNode,
  path: (string | number)[],
  visit: (node: JsonNode, path: KeyPath) => boolean,
): boolean {
  const below = (part: JsonNode, step: string | number): boolean => {
    path.push(step)
    const goesOn = walk(part, path, visit)
    path.pop()
    return goesOn
  }
  return (
    visit(node, path) &&
    elementsOf(node).every(below) &&
    membersOf(node).every(({key, value}) => below(value, key))
  )
}
