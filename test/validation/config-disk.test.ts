import {expect, test} from 'vitest'
import {foundBy} from './checked.js'

test('a kind that nobody offers is an error at config-disk', async () => {
  const disk = {'config-disk': 'cdrm'}
  expect(await foundBy(['vmrun/unknown-config-disk'], disk)).toMatchObject([
    {rule: 'vmrun/unknown-config-disk', hint: 'did you mean cdrom?', at: ['config-disk']},
  ])
  expect(await foundBy(['vmrun/config-disk-options'], disk)).toEqual([])
})

test('an option that the kind does not have is an error', async () => {
  const disk = {'config-disk': {kind: 'cdrom', speed: 52}}
  expect(await foundBy(['vmrun/unknown-config-disk'], disk)).toEqual([])
  expect(await foundBy(['vmrun/config-disk-options'], disk)).toMatchObject([
    {rule: 'vmrun/config-disk-options', message: 'config-disk has an unknown key "speed"'},
  ])
})

test('so is a bus that the machine does not have; of an unknown machine nothing is said', async () => {
  const disk = {'config-disk': {kind: 'cdrom', bus: 'ide'}}
  expect(await foundBy(['vmrun/config-disk-options'], {...disk, arch: 'x86_64'})).toEqual([])
  expect(await foundBy(['vmrun/config-disk-options'], {...disk, arch: 'aarch64'})).toHaveLength(1)
  expect(await foundBy(['vmrun/config-disk-options'], {...disk, arch: 'vax'})).toEqual([])
})

test('so is a config that the kind cannot hand on', async () => {
  const nocloud = {'config-disk': 'nocloud', config: {'user-dat': ''}}
  expect(await foundBy(['vmrun/config-disk-options'], nocloud)).toMatchObject([
    {rule: 'vmrun/config-disk-options'},
  ])
})
