import type {Entry} from '../entry.js'
import {formatKeyPath} from '../key-path.js'
import type {Finding} from '../problem.js'
import {childAt} from '../source-places.js'
import {pathOf, valuesIn} from '../values-in.js'

const notation = /^(?<sign>-?)(?<whole>\d+)(?:\.(?<fraction>\d+))?(?:e(?<exponent>[+-]?\d+))?$/iu
const leadingZeros = /^0+/u
const trailingZeros = /0+$/u
/** A number of which it is plain that it is exact, as most are. */
const short = /^-?\d{1,15}$/u

/**
 * Numbers in `config` that would reach the guest as other numbers than the file says, as a JavaScript number
 * (IEEE 754 binary64) cannot hold them: large integers, more than 17 digits, beyond the range.
 */
export function* findInexactNumbers({node, name, text}: Entry): Generator<Finding> {
  const config = childAt(node, 'config')
  for (const value of config === undefined ? [] : valuesIn(config)) {
    const {type, start, end} = value.node
    if (type === 'scalar' && !isExact(text.slice(start, end))) {
      const key = formatKeyPath(['config', ...pathOf(value)])
      yield {
        rule: 'vmrun/inexact-number',
        severity: 'error',
        message: `${key} is a number that cannot be handed on exactly as it is written`,
        hint: 'write it as a string, in double quotes',
        instance: name,
        key,
        span: {start, end},
      }
    }
  }
}

/** Whether what is written is no number, or one that a JavaScript number holds. */
function isExact(written: string): boolean {
  if (short.test(written) || !notation.test(written)) {
    return true
  }
  const value = Number(written)
  return Number.isFinite(value) && normalForm(written) === normalForm(String(value))
}

/** The same text for two notations if and only if they stand for the same number: 1.50e3 and 1500 are both `15e2`. */
function normalForm(number: string): string {
  const {sign = '', whole = '', fraction = '', exponent = '0'} = notation.exec(number)?.groups ?? {}
  const digits = `${whole}${fraction}`.replace(leadingZeros, '')
  const significant = digits.replace(trailingZeros, '')
  if (significant === '') {
    return '0'
  }
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`
}
