import type {NumberNode} from '@humanwhocodes/momoa'
import type {Entry} from '../entry.js'
import {formatKeyPath} from '../key-path.js'
import type {Finding} from '../problem.js'
import {childAt, placeOf, valuesIn} from '../source-places.js'

const notation = /^(?<sign>-?)(?<whole>\d+)(?:\.(?<fraction>\d+))?(?:e(?<exponent>[+-]?\d+))?$/iu
const leadingZeros = /^0+/u
const trailingZeros = /0+$/u

/**
 * Numbers in `config` that would reach the guest as other numbers than the file says, as a JavaScript number
 * (IEEE 754 binary64) cannot hold them: large integers, more than 17 digits, beyond the range.
 */
export function findInexactNumbers({node, name}: Entry, text: string): Finding[] {
  const config = childAt(node, 'config')
  const values = config === undefined ? [] : Array.from(valuesIn(config, ['config']))
  return values
    .filter(value => value.node.type === 'Number' && !isExact(value.node, text))
    .map(value => {
      const key = formatKeyPath(value.path)
      return {
        severity: 'error',
        message: `${key} is a number that cannot be handed on exactly as it is written`,
        hint: 'write it as a string, in double quotes',
        instance: name,
        key,
        ...placeOf(value.node),
      }
    })
}

function isExact({value, loc}: NumberNode, text: string): boolean {
  const written = text.slice(loc.start.offset, loc.end.offset)
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
