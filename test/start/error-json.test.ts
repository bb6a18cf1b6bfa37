import {expect, test} from 'vitest'
import {HostError} from '../../src/errors/errors.js'
import {InstancesFileError} from '../../src/instances/problem.js'
import {errorJson} from '../../src/start/error-json.js'

test('programs get what is wrong, and what to do about it', () => {
  expect(errorJson(new HostError('no disk', {hint: 'Buy one.'}))).toEqual({
    error: {message: 'no disk', hint: 'Buy one.'},
  })
  expect(errorJson(new HostError('no disk'))).toEqual({error: {message: 'no disk'}})
})

test('programs get the problems of an instances file one by one', () => {
  const problems = [
    {
      rule: 'vmrun/missing-image',
      severity: 'error',
      file: 'instances.json',
      line: 2,
      column: 3,
      instance: 'vm-1',
      key: 'image',
      message: 'one',
    },
  ] as const
  const {error} = errorJson(new InstancesFileError(problems))
  expect(error.problems).toEqual(problems)
})
