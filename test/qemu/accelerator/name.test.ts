import {expect, test} from 'vitest'
import {acceleratorName, runsHow} from '../../../src/qemu/accelerator/name.js'

test.each([
  ['kvm', 'KVM', 'on KVM'],
  ['hvf', 'HVF', 'on HVF'],
  ['tcg', 'TCG', 'emulated by TCG'],
] as const)('%s is %s, and guests run %s', (accelerator, name, how) => {
  expect(acceleratorName(accelerator)).toBe(name)
  expect(runsHow(accelerator)).toBe(how)
})
