import {machine as hostMachine} from 'node:os'
import {expect, test} from 'vitest'
import {accelerationFinding} from '../../src/doctor/acceleration.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'

const own = {...x86_64, hosts: [hostMachine()]}
const foreign = {...x86_64, hosts: []}

test('an accelerator that was measured to work is good, and how long that took is told', () => {
  expect(accelerationFinding(own, {accelerator: 'kvm', milliseconds: 18})).toEqual({
    check: 'accelerator',
    subject: 'x86_64',
    state: 'good',
    message: 'KVM works, measured in 18 ms',
    accelerator: 'kvm',
    milliseconds: 18,
  })
})

test('one that cannot be measured at all is believed', () => {
  expect(accelerationFinding(own, {accelerator: 'hvf'})).toMatchObject({state: 'good', message: 'HVF works'})
})

test('one that was not measured is poor', () => {
  expect(accelerationFinding(own, {accelerator: 'kvm', unmeasured: true})).toMatchObject({
    state: 'poor',
    message: expect.stringContaining('could not be measured'),
  })
})

test('emulation is poor, for a reason, with what to do', () => {
  const reason = 'KVM does not work here (KVM internal error. Suberror: 1)'
  const finding = accelerationFinding(own, {accelerator: 'tcg', reason, milliseconds: 41})
  expect(finding).toMatchObject({
    state: 'poor',
    message: `emulated: slower, and no security boundary. ${reason}, measured in 41 ms`,
    accelerator: 'tcg',
    milliseconds: 41,
    hint: expect.stringContaining('--require-kvm'),
  })
})

test('against emulation of a foreign architecture nothing can be done', () => {
  const finding = accelerationFinding(foreign, {accelerator: 'tcg', reason: 'this host is riscv64'})
  expect(finding).toMatchObject({
    state: 'poor',
    message: 'emulated: slower, and no security boundary. This host is riscv64',
  })
  expect(finding).not.toHaveProperty('hint')
})
