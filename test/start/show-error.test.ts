import {createRequire} from 'node:module'
import {describe, expect, test, vi} from 'vitest'
import {HostError} from '../../src/errors/errors.js'
import {InstancesFileError, type Problem} from '../../src/instances/problem.js'
import {errorJson, errorText, showError, sourceStack} from '../../src/start/show-error.js'
import {captured} from './captured.js'

const place = {file: 'instances.json', column: 3, key: 'image'} as const
const problems: readonly Problem[] = [
  {...place, rule: 'vmrun/missing-image', severity: 'error', line: 2, instance: 'vm-1', message: 'one'},
  {...place, rule: 'vmrun/invalid-value', severity: 'warning', line: 4, message: 'two'},
]

test('what is wrong is told, and what to do about it', () => {
  const error = new HostError('no disk', {hint: 'buy one?'})
  expect(errorText(error)).toBe('Error: no disk\nBuy one?\n')
  expect(errorJson(error)).toEqual({error: {message: 'no disk', hint: 'buy one?'}})
  expect(errorText(new HostError('no disk'))).toBe('Error: no disk\n')
  expect(errorJson(new HostError('no disk'))).toEqual({error: {message: 'no disk'}})
})

test('the problems of an instances file are told one by one', () => {
  const error = new InstancesFileError(problems)
  expect(errorJson(error).error.problems).toEqual(problems)
  expect(errorText(error)).toMatch(
    /^instances\.json:2:3: error: .*one \[vmrun\/missing-image\]\ninstances\.json:4:3: warning: .*two \[vmrun\/invalid-value\]\n$/u,
  )
})

test('lines stay lines, and nothing else in a message can act on a terminal', () => {
  const text = errorText(
    new HostError(['one', 'two \u001b]0;title\u0007\u009b2J'], {hint: ['do', 'this\u001b[2J']}),
  )
  expect(text.split('\n')).toHaveLength(5)
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
})

describe('where an error comes from is shown', () => {
  const cause = new TypeError('sesame')
  const error = new HostError('no disk', {cause})

  test('with VMRUN_DEBUG, on stderr, and of its causes all but the message, which may hold a secret', () => {
    vi.stubEnv('VMRUN_DEBUG', '1')
    for (const json of [false, true]) {
      const shown = captured()
      showError(error, json)
      expect(shown.stderr()).toMatch(
        /^(?:Error: no disk\n)?HostError: no disk\n {4}at .*\n(?: {4}at .*\n)*caused by TypeError:\n(?: {4}at .*\n)+$/u,
      )
      expect(shown.stderr()).not.toContain('sesame')
    }
  })

  test.each([undefined, ''])('and not without it: %j', value => {
    vi.stubEnv('VMRUN_DEBUG', value)
    const shown = captured()
    showError(error, false)
    expect(shown.stderr()).toBe('Error: no disk\n')
  })
})

const built = createRequire(import.meta.url)('../../dist/vmrun.cjs')

/** The stack trace of a mistake in the code that users run. */
function stackOfMistake(): string {
  try {
    built['instances/json-schema'].fileJsonSchema(undefined)
  } catch (error) {
    return error instanceof Error ? (error.stack ?? '') : ''
  }

  return ''
}

test('a stack trace names the places in the source', () => {
  const stack = stackOfMistake()
  expect(stack).toMatch(/fileJsonSchema \(.*dist\/vmrun\.cjs:\d+:\d+\)/u)
  expect(sourceStack(stack)).toMatch(/fileJsonSchema \(src\/instances\/json-schema\.ts:\d+:\d+\)/u)
})

test('it leaves places elsewhere, and those in a file whose source is not known, as they are', () => {
  const stack = [
    'Error: why',
    '    at one (/srv/vmrun-plugin/dist/plugin.js:1:2)',
    '    at two (/srv/none/dist/vmrun.cjs:3:4)',
  ].join('\n')
  expect(sourceStack(stack)).toBe(stack)
})
