import {expect, test} from 'vitest'
import type {Finding} from '../../src/instances/problem.js'
import {firstFindings, shownFindings} from '../../src/instances/problem-limit.js'

/** As many findings, each a character long. */
function findings(count: number, more: Partial<Finding> = {}): readonly Finding[] {
  return Array.from({length: count}, (_, start) => ({
    rule: 'vmrun/missing-image',
    severity: 'warning',
    message: 'm',
    span: {start, end: start + 1},
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
    span: {start: 1000, end: 1001},
  })
})

test.each<[string, Partial<Finding>, Partial<Finding>]>([
  ['an error', {}, {}],
  ['an error that a plugin may not take for one', {isDoubtful: true}, {isDoubtful: true}],
])('%s among what is left out stays one', (_, error, last) => {
  const [worst] = findings(1, {severity: 'error', rule: 'vmrun/unknown-key', ...error})
  const shown = shownFindings([...findings(3000), ...(worst ? [worst] : []), ...findings(3000)])
  expect(shown.at(-1)).toMatchObject({severity: 'error', rule: 'vmrun/unknown-key', ...last})
})

test('no more is made than it takes to know that there are too many', () => {
  let made = 0
  function* all(): Generator<number> {
    for (;;) {
      made += 1
      yield made
    }
  }
  expect(firstFindings(all())).toHaveLength(1001)
  expect(made).toBe(1001)
})
