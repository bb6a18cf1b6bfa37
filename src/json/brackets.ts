import {skipBlanks} from './tokens.js'

const brackets = /[[\]{}]/gu

/** Whether a bracket closes another one. */
export function closes(closing: string | undefined, opening: string | undefined): boolean {
  return (closing === ']' && opening === '[') || (closing === '}' && opening === '{')
}

/**
 * Whether the closing bracket at `offset` was most likely meant to close the innermost one that is open, though it is of the
 * other kind: so it is where more of the closing brackets behind it then have their own.
 *
 * @param open the offsets of the brackets that are open, outermost first
 * @param closed which of them it closes as it stands
 */
export function isOtherKind(text: string, offset: number, open: readonly number[], closed: number): boolean {
  return fitting(text, offset + 1, open.slice(0, -1)) > fitting(text, offset + 1, open.slice(0, closed))
}

/** How many closing brackets in a row from `offset` on each close the innermost one that is then open. */
function fitting(text: string, offset: number, open: readonly number[]): number {
  let next = skipBlanks(text, offset)
  let count = 0
  while (closes(text[next], text[open.at(-1 - count) ?? -1])) {
    next = skipBlanks(text, next + 1)
    count += 1
  }
  return count
}

/** Whether every bracket in `text` has its other one. */
export function isBalanced(text: string): boolean {
  const open: string[] = []
  for (const [bracket] of text.matchAll(brackets)) {
    if (bracket === '[' || bracket === '{') {
      open.push(bracket)
    } else if (!closes(bracket, open.pop())) {
      return false
    }
  }
  return open.length === 0
}
