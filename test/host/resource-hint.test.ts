import {expect, test} from 'vitest'
import {failedCall, resourceHint} from '../../src/host/resource-hint.js'

function failedBy(code: string): Error {
  return Object.assign(new Error(code), {code})
}

test.each([
  ['EMFILE', 'ulimit -n'],
  ['ENFILE', 'no file descriptors left'],
  ['ENOMEM', 'no memory left'],
])('%s says what to do, wherever it was', (code, hint) => {
  expect(resourceHint(failedBy(code))).toContain(hint)
  expect(resourceHint(failedBy(code), 'go elsewhere')).toBe(resourceHint(failedBy(code)))
})

test('EAGAIN says what to do only where a process could not be started', () => {
  const ofCall = (syscall: string): Error => Object.assign(failedBy('EAGAIN'), {syscall})
  expect(resourceHint(ofCall('spawn setpriv'))).toContain('ulimit -u')
  expect(resourceHint(ofCall('fork'))).toContain('ulimit -u')
  expect(resourceHint(ofCall('read'))).toBeUndefined()
  expect(resourceHint(failedBy('EAGAIN'))).toBeUndefined()
})

test.each([
  ['ENOSPC', 'No space is left'],
  ['EDQUOT', 'The disk quota is used up'],
])('%s says what to do, and where else there may be space only where that is known', (code, hint) => {
  expect(resourceHint(failedBy(code))).toBe(`${hint}: free some.`)
  expect(resourceHint(failedBy(code), 'go elsewhere')).toBe(`${hint}: free some, or go elsewhere.`)
})

test.each([failedBy('EACCES'), new Error('plain'), undefined])('%s lacks nothing', error => {
  expect(resourceHint(error, 'go elsewhere')).toBeUndefined()
})

test('a failed call is told with what to do about it', () => {
  const error = failedBy('ENOSPC')
  const lacking = failedCall('cannot write', error, 'go elsewhere', 'look')
  expect(lacking).toMatchObject({message: `cannot write: ${error.message}`, cause: error})
  expect(lacking.hint).toBe(resourceHint(error, 'go elsewhere'))
  expect(failedCall('cannot write', failedBy('EIO'), 'go elsewhere', 'look').hint).toBe('look')
})
