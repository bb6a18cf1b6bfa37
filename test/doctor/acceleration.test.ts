import {machine as hostMachine} from 'node:os'
import {expect, test} from 'vitest'
import {x86_64} from '../../src/architectures/x86-64.js'
import {accelerationFinding} from '../../src/doctor/acceleration.js'

const own = {...x86_64, hosts: [hostMachine()]}
const foreign = {...x86_64, hosts: []}

test('an accelerator that was measured to work is good, and how long that took is told', () => {
  expect(accelerationFinding(own, {accelerator: 'kvm', milliseconds: 18})).toEqual({
    check: 'accelerator',
    subject: 'x86_64',
    state: 'good',
    text: 'KVM works, found out in 18 ms',
  })
})

test('one that cannot be measured at all is believed', () => {
  expect(accelerationFinding(own, {accelerator: 'hvf'})).toMatchObject({state: 'good', text: 'HVF works'})
})

test('one that was not measured is poor', () => {
  expect(accelerationFinding(own, {accelerator: 'kvm', unmeasured: true})).toMatchObject({
    state: 'poor',
    text: expect.stringContaining('could not be measured'),
  })
})

test('emulation is poor, for a reason, with what to do', () => {
  const reason = 'KVM does not work here (KVM internal error. Suberror: 1)'
  const finding = accelerationFinding(own, {accelerator: 'tcg', reason, milliseconds: 41})
  expect(finding).toMatchObject({
    state: 'poor',
    text: `emulated: slower, and no security boundary. ${reason}, found out in 41 ms`,
    advice: expect.stringContaining('--require-kvm'),
  })
})

test('against emulation of a foreign architecture nothing can be done', () => {
  const finding = accelerationFinding(foreign, {accelerator: 'tcg', reason: 'this host is riscv64'})
  expect(finding).toMatchObject({
    state: 'poor',
    text: 'emulated: slower, and no security boundary. This host is riscv64',
  })
  expect(finding).not.toHaveProperty('advice')
})
