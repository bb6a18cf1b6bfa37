import {expect, test} from 'vitest'
import {failedCheck} from '../../src/doctor/failed-check.js'
import {HostError, UsageError} from '../../src/errors.js'

const where = {check: 'qemu', subject: 'x86_64'} as const

test('what fails as a run would is missing, with its hint as advice', () => {
  expect(failedCheck(new HostError('it is gone', {hint: 'find it'}), where)).toEqual({
    ...where,
    state: 'missing',
    text: 'it is gone',
    advice: 'find it',
  })
})

test.each([new UsageError('a mistake'), new TypeError('a bug')])('anything else is no finding: %s', error => {
  expect(() => failedCheck(error, where)).toThrow(error)
})
