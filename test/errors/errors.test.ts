import {readFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {
  attempt,
  codeOf,
  GuestError,
  HostError,
  isAbort,
  messageOf,
  ownError,
  UsageError,
  VmrunError,
} from '../../src/errors/errors.js'
import {InstancesFileError} from '../../src/instances/problem.js'
import {compiled} from '../compiled.js'

const classes = {GuestError, HostError, UsageError}

/** The classes of another copy of vmrun, as a linked plugin has one. */
async function otherCopy(): Promise<typeof classes> {
  return await import(await compiled('errors/errors.ts'))
}

test.each(['GuestError', 'HostError', 'UsageError'] as const)(
  'a %s of another copy of vmrun is one, and no other',
  async name => {
    const Other = (await otherCopy())[name]
    class Derived extends Other {}
    for (const error of [new Other('why', {hint: 'what to do'}), new Derived('why')]) {
      expect(error.constructor).not.toBe(classes[name])
      expect(error).toBeInstanceOf(VmrunError)
      expect(Object.values(classes).filter(one => error instanceof one)).toEqual([classes[name]])
    }
    expect(new classes[name]('why')).toBeInstanceOf(Other)
  },
)

test('a class derived from one of them takes none of the others’ objects for its own', async () => {
  const {UsageError: Other} = await otherCopy()
  expect(new InstancesFileError([])).toBeInstanceOf(InstancesFileError)
  expect(new InstancesFileError([])).toBeInstanceOf(Other)
  expect(new UsageError('why')).not.toBeInstanceOf(InstancesFileError)
  expect(new Other('why')).not.toBeInstanceOf(InstancesFileError)
})

test.each([undefined, null, 'HostError', 7, new Error('HostError'), Object.create(null)])(
  'nothing else is one: %s',
  value => {
    expect(value instanceof VmrunError).toBe(false)
    expect(value instanceof HostError).toBe(false)
  },
)

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

test('what is tried and throws gives nothing', () => {
  expect(attempt(() => 7)).toBe(7)
  const fail = () => {
    throw new HostError('no')
  }
  expect(attempt(fail)).toBeUndefined()
})

test('an error of vmrun is taken as it is, and anything else that was thrown goes on', () => {
  const own = new UsageError('no')
  expect(ownError(own)).toBe(own)
  expect(() => ownError(new TypeError('a bug'))).toThrow(TypeError)
})
