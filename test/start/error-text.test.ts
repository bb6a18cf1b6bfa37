import {expect, test} from 'vitest'
import {HostError} from '../../src/errors/errors.js'
import {InstancesFileError} from '../../src/instances/problem.js'
import {errorText} from '../../src/start/error-text.js'

test('people get what is wrong, and below it what to do about it', () => {
  expect(errorText(new HostError('no disk', {hint: 'Buy one.'}))).toBe('Error: no disk\nBuy one.\n')
  expect(errorText(new HostError('no disk'))).toBe('Error: no disk\n')
})

test('a hint is a sentence', () => {
  expect(errorText(new HostError('no arch vax', {hint: 'did you mean pax?'}))).toMatch(
    /\nDid you mean pax\?\n$/u,
  )
})

test('the problems of an instances file each have a line of their own', () => {
  const place = {file: 'instances.json', column: 3, rule: 'vmrun/invalid-value', key: 'image'} as const
  const error = new InstancesFileError([
    {...place, severity: 'error', line: 2, message: 'one'},
    {...place, severity: 'warning', line: 4, message: 'two'},
  ])
  expect(errorText(error)).toMatch(
    /^instances\.json:2:3: error: .*one \[vmrun\/invalid-value\]\ninstances\.json:4:3: warning: .*two \[vmrun\/invalid-value\]\n$/u,
  )
})

test('lines stay lines, and nothing else in a message can act on a terminal', () => {
  const text = errorText(
    new HostError(['one', 'two \u001b]0;title\u0007\u009b2J'], {hint: ['do', 'this\u001b[2J']}),
  )
  expect(text.split('\n')).toHaveLength(5)
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
})
