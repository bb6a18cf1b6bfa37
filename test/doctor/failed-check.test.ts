import {expect, test} from 'vitest'
import {failedCheck} from '../../src/doctor/failed-check.js'
import {HostError, UsageError} from '../../src/errors/errors.js'

const where = {check: 'qemu', subject: 'x86_64'} as const

test.each([HostError, UsageError])('what fails as a run would is missing, with its hint: %o', Failure => {
  expect(failedCheck(new Failure('it is gone', {hint: 'find it'}), where)).toEqual({
    ...where,
    state: 'missing',
    message: 'it is gone',
    hint: 'find it',
  })
})

test('a bug is no finding', () => {
  const bug = new TypeError('a bug')
  expect(() => failedCheck(bug, where)).toThrow(bug)
})
