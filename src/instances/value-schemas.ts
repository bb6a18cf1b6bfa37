import * as z from 'zod'
import {mustBeSize, parseSize, sizeHint, sizePattern} from './size.js'

/** The longest time that a key can say, in seconds. */
export const longestSeconds = 2 ** 31

/** How long a name can be, in UTF-16 code units: as long as that of a file. */
export const longestName = 255

/** A whole number between two others, both included. */
export function wholeNumber(least: number, most: number) {
  const mustBe = `must be a whole number from ${least} to ${most}`
  return z.int(mustBe).min(least, mustBe).max(most, mustBe)
}

/** A size: see size.ts. */
export function size() {
  return z
    .string(mustBeSize)
    .check(({value, issues}) => {
      if (parseSize(value) === undefined) {
        issues.push({code: 'custom', message: mustBeSize, input: value, params: {hint: sizeHint(value)}})
      }
    })
    .meta({pattern: sizePattern})
}
