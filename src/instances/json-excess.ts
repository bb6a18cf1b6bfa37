import type {SyntaxFault} from './json-faults.js'

/** How deep arrays and objects may be nested. Programs that read JSON in a guest often give up near that. */
const deepest = 500

/** More values than this take more memory than a host may have to spare. */
const mostValues = 1_000_000

const levels: ReadonlyMap<string, number> = new Map([
  ['[', 1],
  ['{', 1],
  [']', -1],
  ['}', -1],
])

/** Before each value but the outermost stands one of these. */
const begins: ReadonlySet<string> = new Set(['[', '{', ','])

/** What keeps a text from being read at all. */
export function excessOf(text: string): SyntaxFault | undefined {
  let [depth, values] = [0, 0]
  for (let offset = 0; offset < text.length; offset += 1) {
    const character = text.charAt(offset)
    if (character === '"') {
      offset = endOfString(text, offset)
    }

    depth += levels.get(character) ?? 0
    values += begins.has(character) ? 1 : 0
    if (depth > deepest) {
      const message = `nested more than ${deepest} levels deep`
      return {rule: 'vmrun/nested-too-deep', offset, length: 1, message, hint: 'make it flatter'}
    }

    if (values > mostValues) {
      const message = `the file holds more than ${mostValues} values`
      return {rule: 'vmrun/too-large', offset, length: 1, message, hint: 'split it'}
    }
  }

  return
}

/** Where a string ends that begins at `start`; one that is not closed ends with its line. */
function endOfString(text: string, start: number): number {
  for (let offset = start + 1; offset < text.length; offset += 1) {
    const character = text.charAt(offset)
    if (character === '"' || character === '\n') {
      return offset
    }

    offset += character === '\\' ? 1 : 0
  }

  return text.length
}
