import {expect, test} from 'vitest'
import {formatProblem} from '../../src/instances/format-problem.js'

test('a problem is one line: file, line, column, severity, message, hint', () => {
  expect(
    formatProblem({
      file: 'instances.json',
      line: 3,
      column: 5,
      severity: 'error',
      message: 'unknown key "rma"',
      hint: 'did you mean ram?',
    }),
  ).toBe('instances.json:3:5: error: unknown key "rma" (did you mean ram?)')
})

test('a problem without a place or a hint leaves them out', () => {
  expect(formatProblem({file: 'a.json', severity: 'warning', message: 'm'})).toBe('a.json: warning: m')
})

test('the name of a file cannot act on the terminal', () => {
  expect(formatProblem({file: '\u001b[2J', severity: 'error', message: 'm'})).toBe(
    String.raw`\u001b[2J: error: m`,
  )
})
