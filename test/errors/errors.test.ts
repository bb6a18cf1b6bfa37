import {expect, test} from 'vitest'
import {GuestError, HostError, UsageError, VmrunError} from '../../src/errors/errors.js'
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
