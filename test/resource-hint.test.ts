import {expect, test} from 'vitest'
import {resourceHint} from '../src/resource-hint.js'

function failedBy(code: string): Error {
  return Object.assign(new Error(code), {code})
}

test.each([
  ['EMFILE', 'ulimit -n'],
  ['ENFILE', 'no file descriptors left'],
  ['EAGAIN', 'ulimit -u'],
  ['ENOMEM', 'no memory left'],
  ['ENOSPC', '--work-dir'],
  ['EDQUOT', 'quota'],
])('%s says what to do', (code, hint) => {
  expect(resourceHint(failedBy(code))).toContain(hint)
})

test.each([failedBy('EACCES'), new Error('plain'), undefined])('%s lacks nothing', error => {
  expect(resourceHint(error)).toBeUndefined()
})
