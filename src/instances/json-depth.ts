import type {SyntaxFault} from './json-grammar.js'

/**
 * How deep arrays and objects may be nested. Far more than a person writes, and few enough that the programs in a
 * guest can follow: Python's json gives up near 1,000, others at 512.
 */
const deepestNesting = 500

const tokens = /[[\]{}"]/gu
const stringEnds = /["\\]/gu

/**
 * The first bracket in `text` that is nested too deep. Only right for a text whose strings are closed, which is
 * enough: others are not JSON in the first place.
 */
export function findDepthFault(text: string): SyntaxFault | undefined {
  let depth = 0
  let offset = next(tokens, text, 0)
  while (offset < text.length && depth <= deepestNesting) {
    const token = text[offset]
    if (token === '"') {
      offset = endOfString(text, offset)
    } else {
      depth += token === '[' || token === '{' ? 1 : -1
    }
    offset = depth > deepestNesting ? offset : next(tokens, text, offset + 1)
  }
  return depth > deepestNesting
    ? {offset, message: `nested more than ${deepestNesting} levels deep`, hint: 'make it flatter'}
    : undefined
}

/** The offset of the quotation mark that closes the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let offset = next(stringEnds, text, start + 1)
  while (text[offset] === '\\') {
    offset = next(stringEnds, text, offset + 2)
  }
  return offset
}

/** The offset of the next match of `pattern`, or the end of `text`. */
function next(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset
  return pattern.exec(text)?.index ?? text.length
}
