import {expect, test} from 'vitest'
import {foundBy} from './checked.js'

test('an architecture that nobody offers is an error at arch', async () => {
  expect(await foundBy(['vmrun/unknown-architecture'], {arch: 'x86-64'})).toEqual([
    {
      rule: 'vmrun/unknown-architecture',
      message: 'arch "x86-64" is not known; there are: x86_64, aarch64',
      hint: 'did you mean x86_64?',
      at: ['arch'],
    },
  ])
})

test('the plugin that would offer it is named where one is known', async () => {
  expect(await foundBy(['vmrun/unknown-architecture'], {arch: 's390x'})).toMatchObject([
    {hint: 'the plugin vmrun-plugin-s390x adds it: "vmrun plugins" lists those that this user has'},
  ])
})

test('one that is offered is fine, and one that is no name is told already', async () => {
  expect(await foundBy(['vmrun/unknown-architecture'], {arch: 'aarch64'})).toEqual([])
  expect(await foundBy(['vmrun/unknown-architecture'], {arch: 7})).toEqual([])
})

test('an instance of which something else does not hold is looked at too', async () => {
  expect(
    await foundBy(['vmrun/unknown-architecture'], {arch: 'vax', ram: 'much', 'timeout-seconds': 0}),
  ).toHaveLength(1)
})
