import fc from 'fast-check'
import {expect, test} from 'vitest'
import {
  formatKeyPath,
  formatProblem,
  Lines,
  type Problem,
  shownProblems,
  type TextProblem,
} from '../../src/instances/problem.js'

test('lines end by LF, CR LF and CR, and count from 1, as columns do', () => {
  const texts = fc.string({unit: fc.constantFrom('a', 'é', '🙂', '\n', '\r', '\r\n', '\u2028')})
  fc.assert(
    fc.property(texts, text => {
      const lines = new Lines(text)
      const starts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/gu), end => end.index + end[0].length)]
      for (let offset = 0; offset <= text.length; offset += 1) {
        const {line, column, endLine, endColumn} = lines.regionOf({offset, length: 0})
        expect([endLine, endColumn]).toEqual([line, column])
        expect(lines.startOf(line) + column - 1).toBe(offset)
        expect(line).toBe(starts.filter(start => start <= offset).length)
      }
    }),
    {examples: [['a\r\nbc\rd\n']]},
  )
})

const problem: Problem = {file: 'a.json', rule: 'vmrun/no-instances', severity: 'warning', message: 'm'}

test.each<[string, Partial<Problem>, string]>([
  ['no place and no hint', {}, 'a.json: warning: m [vmrun/no-instances]'],
  [
    'both of them',
    {line: 3, column: 5, severity: 'error', hint: 'did you mean ram?'},
    'a.json:3:5: error: m (did you mean ram?) [vmrun/no-instances]',
  ],
  [
    'a file whose name would act on the terminal',
    {file: '\u001b[2J'},
    String.raw`\u001b[2J: warning: m [vmrun/no-instances]`,
  ],
])('a problem is one line: with %s', (_, change, line) => {
  expect(formatProblem({...problem, ...change})).toBe(line)
})

/** As many problems, each a character long. */
function problems(count: number, more: Partial<TextProblem> = {}): readonly TextProblem[] {
  return Array.from({length: count}, (_, offset) => ({
    rule: 'vmrun/missing-image',
    severity: 'warning',
    message: 'm',
    at: {offset, length: 1},
    ...more,
  }))
}

test.each([0, 1, 1000, 1001])('%i problems are all shown', count => {
  expect(shownProblems(problems(count))).toHaveLength(count)
})

test('of more the last one says how many are left out, from where on', () => {
  const shown = shownProblems(problems(5000))
  expect(shown).toHaveLength(1001)
  expect(shown.at(-1)).toEqual({
    rule: 'vmrun/missing-image',
    severity: 'warning',
    message: 'at least 4000 more problems from here on, which are not shown',
    at: {offset: 1000, length: 1},
  })
})

test('an error among what is left out stays one', () => {
  const worst = problems(1, {severity: 'error', rule: 'vmrun/unknown-key'})
  const shown = shownProblems([...problems(3000), ...worst, ...problems(3000)])
  expect(shown.at(-1)).toMatchObject({severity: 'error', rule: 'vmrun/unknown-key'})
  // What may be there at another try is less.
  const absent = problems(3000, {severity: 'error'})
  expect(shownProblems([...absent, ...worst]).at(-1)).toMatchObject({rule: 'vmrun/unknown-key'})
})

test.each([
  [['timeout-seconds'], 'timeout-seconds'],
  [['config', 'tokens', 0], 'config.tokens[0]'],
  [['config', 'a b', 'c'], 'config["a b"].c'],
  [['config', ''], 'config[""]'],
  [['config', '\u001b'], String.raw`config["\u001b"]`],
])('the path %j is written as %s', (path, text) => {
  expect(formatKeyPath(path)).toBe(text)
})

test('of a path that is very long the middle is left out', () => {
  const long = 'k'.repeat(1_000_000)
  expect(formatKeyPath([long])).toHaveLength(301)
  expect(formatKeyPath(['config', long]).length).toBeLessThan(100)
  const deep = formatKeyPath(['config', ...Array.from({length: 500}, (_, index) => `a${index}`), 3])
  expect(deep).toMatch(/^config\.a0\.a1\..*….*\.a498\.a499\[3\]$/u)
  expect(deep).toHaveLength(301)
})
