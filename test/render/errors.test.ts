import {expect, test} from 'vitest'
import {HostError} from '../../src/errors.js'
import {errorJson} from '../../src/render/error-json.js'
import {errorText} from '../../src/render/error-text.js'

test('people get what is wrong, and below it what to do about it', () => {
  expect(errorText(new HostError('no disk', {hint: 'Buy one.'}))).toBe('Error: no disk\nBuy one.\n')
  expect(errorText(new HostError('no disk'))).toBe('Error: no disk\n')
})

test('programs get the same as an object', () => {
  expect(errorJson(new HostError('no disk', {hint: 'Buy one.'}))).toEqual({
    error: {message: 'no disk', hint: 'Buy one.'},
  })
  expect(errorJson(new HostError('no disk'))).toEqual({error: {message: 'no disk'}})
})

test('lines stay lines, and nothing else in a message can act on a terminal', () => {
  const text = errorText(new HostError('one\ntwo \u001b]0;title\u0007\u009b2J', {hint: 'do\nthis\u001b[2J'}))
  expect(text.split('\n')).toHaveLength(5)
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
})
