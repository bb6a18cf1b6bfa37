import {expect, test} from 'vitest'
import {exitCodes} from '../../src/contract/verdict.js'
import {GuestError, HostError, UsageError} from '../../src/errors/errors.js'
import {verdictOf} from '../../src/run/ending.js'

test('the verdicts are a closed list with stable exit codes', () => {
  expect(exitCodes).toEqual({
    completed: 0,
    'infra-failed': 1,
    'guest-failed': 3,
    'timed-out': 124,
    interrupted: 130,
    terminated: 143,
  })
})

const guestError = new GuestError('the guest panicked')
const hostError = new HostError('no disk')

test.each([
  [undefined, undefined, 'completed'],
  [undefined, guestError, 'guest-failed'],
  [undefined, hostError, 'infra-failed'],
  [undefined, new UsageError('bad key'), 'infra-failed'],
  [undefined, new TypeError('a bug'), 'infra-failed'],
  ['timed-out', undefined, 'timed-out'],
  ['interrupted', undefined, 'interrupted'],
  ['terminated', undefined, 'terminated'],
  ['timed-out', guestError, 'timed-out'],
  ['interrupted', hostError, 'interrupted'],
  ['terminated', new TypeError('a bug'), 'terminated'],
] as const)('stopped for %s after the failure %s: %s', (cause, failure, name) => {
  const verdict = verdictOf(cause, failure)
  expect(verdict.name).toBe(name)
  expect(verdict.exitCode).toBe(exitCodes[name])
  expect(verdict.error?.message).toBe(failure?.message)
})

test('an error of vmrun stays as it is, with its hint', () => {
  expect(verdictOf(undefined, guestError).error).toBe(guestError)
})

test.each([
  [new TypeError('a bug'), 'a bug'],
  ['a text', 'a text'],
])('anything else that was thrown, such as %s, is the host’s failure', (thrown, message) => {
  const {error} = verdictOf(undefined, thrown)
  expect(error).toBeInstanceOf(HostError)
  expect(error).toMatchObject({message, cause: thrown})
})
