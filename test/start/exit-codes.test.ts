import {Errors} from '@oclif/core'
import {expect, test} from 'vitest'
import {exitCodes} from '../../src/contract/events.js'
import {GuestError, HostError, UsageError} from '../../src/errors/errors.js'
import {InstancesFileError} from '../../src/instances/problem.js'
import {exitCodeOf, usageExitCode} from '../../src/start/exit-codes.js'

test.each<[Error, number]>([
  [new UsageError('bad key'), 2],
  [new InstancesFileError([]), 2],
  [new HostError('no disk'), 1],
  [new GuestError('the guest panicked'), 1],
  [new Errors.CLIError('bad flag', {exit: 2}), 2],
  [new Errors.CLIError('bad flag', {exit: 42}), 42],
  [new TypeError('a bug'), 1],
])('%s: %d', (error, code) => {
  expect(exitCodeOf(error)).toBe(code)
})

test('no verdict has the exit code of a usage error', () => {
  expect(Object.values(exitCodes)).not.toContain(usageExitCode)
})
