import {expect, test} from 'vitest'
import {isOfArchitecture, labelOf} from '../../src/doctor/finding.js'

test.each([
  ['qemu', 'x86_64', 'qemu x86_64'],
  ['accelerator', 'aarch64', 'accelerator aarch64'],
  ['work-directory', '/var/tmp', 'work-directory'],
  ['user', 'nobody', 'user'],
] as const)('%s of %s is called %s', (check, subject, label) => {
  expect(labelOf({check, subject})).toBe(label)
  expect(isOfArchitecture({check})).toBe(label !== check)
})
