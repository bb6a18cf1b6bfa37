import {expect, test} from 'vitest'
import {formatProblem} from '../../src/instances/problem.js'

test('a problem is one line: file, line, column, severity, message, hint, rule', () => {
  expect(
    formatProblem({
      file: 'instances.json',
      line: 3,
      column: 5,
      rule: 'vmrun/unknown-key',
      severity: 'error',
      message: 'unknown key "rma"',
      hint: 'did you mean ram?',
    }),
  ).toBe('instances.json:3:5: error: unknown key "rma" (did you mean ram?) [vmrun/unknown-key]')
})

test('a problem without a place or a hint leaves them out', () => {
  expect(formatProblem({rule: 'vmrun/no-instances', file: 'a.json', severity: 'warning', message: 'm'})).toBe(
    'a.json: warning: m [vmrun/no-instances]',
  )
})

test('the name of a file cannot act on the terminal', () => {
  expect(
    formatProblem({rule: 'vmrun/unreadable-file', file: '\u001b[2J', severity: 'error', message: 'm'}),
  ).toBe(String.raw`\u001b[2J: error: m [vmrun/unreadable-file]`)
})
