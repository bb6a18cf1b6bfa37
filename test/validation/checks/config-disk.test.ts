import {expect, test} from 'vitest'
import {checkConfigDisk, checkConfigDiskOptions} from '../../../src/validation/checks/config-disk.js'
import {foundBy} from '../checked.js'

test('a kind that nobody offers is an error at config-disk', async () => {
  const disk = {'config-disk': 'cdrm'}
  expect(await foundBy(checkConfigDisk, disk)).toMatchObject([
    {rule: 'vmrun/unknown-config-disk', hint: 'did you mean cdrom?', at: ['config-disk']},
  ])
  expect(await foundBy(checkConfigDiskOptions, disk)).toEqual([])
})

test('an option that the kind does not have is an error', async () => {
  const disk = {'config-disk': {kind: 'cdrom', speed: 52}}
  expect(await foundBy(checkConfigDisk, disk)).toEqual([])
  expect(await foundBy(checkConfigDiskOptions, disk)).toMatchObject([
    {rule: 'vmrun/config-disk-options', message: 'config-disk has an unknown key "speed"'},
  ])
})

test('so is a bus that the machine does not have; of an unknown machine nothing is said', async () => {
  const disk = {'config-disk': {kind: 'cdrom', bus: 'ide'}}
  expect(await foundBy(checkConfigDiskOptions, {...disk, arch: 'x86_64'})).toEqual([])
  expect(await foundBy(checkConfigDiskOptions, {...disk, arch: 'aarch64'})).toHaveLength(1)
  expect(await foundBy(checkConfigDiskOptions, {...disk, arch: 'vax'})).toEqual([])
})

test('so is a config that the kind cannot hand on', async () => {
  const nocloud = {'config-disk': 'nocloud', config: {'user-dat': ''}}
  expect(await foundBy(checkConfigDiskOptions, nocloud)).toMatchObject([{rule: 'vmrun/config-disk-options'}])
})
