import {readFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {codeOf, isAbort, messageOf} from '../../src/errors/thrown.js'

test('whatever is thrown has a message', () => {
  expect(messageOf(new Error('why'))).toBe('why')
  expect(messageOf('why')).toBe('why')
  expect(messageOf(undefined)).toBe('undefined')
  expect(messageOf(Object.assign(new Error('why'), {message: undefined}))).toBe('undefined')
})

test('also what cannot be shown', () => {
  expect(messageOf(Object.create(null))).toBe('it threw what cannot be shown')
})

test('what an aborted signal throws, and what that caused, is told from everything else', () => {
  const {reason} = AbortSignal.abort()
  expect(isAbort(reason)).toBe(true)
  expect(isAbort(new Error('given up', {cause: new Error('ended', {cause: reason})}))).toBe(true)
  expect(isAbort(new Error('aborted'))).toBe(false)
  expect(isAbort(undefined)).toBe(false)
  const circular = new Error('round and round')
  circular.cause = circular
  expect(isAbort(circular)).toBe(false)
})

test('a failed system call has its code, and nothing else has one', async () => {
  const thrown: unknown = await readFile('/proc/nonexistent').catch((error: unknown) => error)
  expect(codeOf(thrown)).toBe('ENOENT')
  expect(codeOf(new Error('why'))).toBeUndefined()
  expect(codeOf({code: 'ENOENT'})).toBeUndefined()
})
