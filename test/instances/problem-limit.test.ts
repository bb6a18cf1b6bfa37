import {expect, test} from 'vitest'
import {type Finding, shownFindings} from '../../src/instances/problem.js'

/** As many findings, each a character long. */
function findings(count: number, more: Partial<Finding> = {}): readonly Finding[] {
  return Array.from({length: count}, (_, offset) => ({
    rule: 'vmrun/missing-image',
    severity: 'warning',
    message: 'm',
    at: {offset, length: 1},
    ...more,
  }))
}

test.each([0, 1, 1000, 1001])('%i problems are all shown', count => {
  expect(shownFindings(findings(count))).toHaveLength(count)
})

test('of more the last one says how many are left out, from where on', () => {
  const shown = shownFindings(findings(5000))
  expect(shown).toHaveLength(1001)
  expect(shown.at(-1)).toEqual({
    rule: 'vmrun/missing-image',
    severity: 'warning',
    message: 'at least 4000 more problems from here on, which are not shown',
    at: {offset: 1000, length: 1},
  })
})

test('an error among what is left out stays one', () => {
  const worst = findings(1, {severity: 'error', rule: 'vmrun/unknown-key'})
  const shown = shownFindings([...findings(3000), ...worst, ...findings(3000)])
  expect(shown.at(-1)).toMatchObject({severity: 'error', rule: 'vmrun/unknown-key'})
  // What may be there at another try is less.
  const absent = findings(3000, {severity: 'error'})
  expect(shownFindings([...absent, ...worst]).at(-1)).toMatchObject({rule: 'vmrun/unknown-key'})
})
