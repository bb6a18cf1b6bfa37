import {expect, test} from 'vitest'
import {isOfArchitecture, labelOf, lookAt} from '../../src/doctor/finding.js'
import {HostError, UsageError} from '../../src/errors/errors.js'

test.each([
  ['qemu', 'x86_64', 'qemu x86_64', true],
  ['accelerator', 'aarch64', 'accelerator aarch64', true],
  ['work-directory', '/var/tmp', 'work-directory', false],
  ['user', 'nobody', 'user', false],
  ['plugin', 'vmrun-plugin-s390x', 'plugin vmrun-plugin-s390x', false],
] as const)('%s of %s is called %s', (check, subject, label, ofArchitecture) => {
  expect(labelOf({check, subject})).toBe(label)
  expect(isOfArchitecture({check})).toBe(ofArchitecture)
})

const look = {check: 'qemu', subject: 'x86_64'} as const

test.each([HostError, UsageError])(
  'what fails as a run would is missing, with its hint: %o',
  async Failure => {
    const gone = Promise.reject(new Failure('it is gone', {hint: 'find it'}))
    const missing = {state: 'missing', message: 'it is gone', hint: 'find it'}
    expect(await lookAt(look, () => gone)).toEqual({...look, ...missing})
  },
)

test('a bug is no finding', async () => {
  const bug = new TypeError('a bug')
  await expect(lookAt(look, () => Promise.reject(bug))).rejects.toBe(bug)
})
