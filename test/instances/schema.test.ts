import {expect, test} from 'vitest'
import * as z from 'zod'
import {keySchemas} from '../../src/instances/schema.js'

const schema = z.strictObject(keySchemas({hostArchitecture: 'aarch64', instanceKeys: []}))
const least = {name: 'vm-1', image: 'a.qcow2', 'timeout-seconds': 1, config: {}}

test('a config disk is a kind, or a kind and its options', () => {
  const configDisk = (value: unknown) => schema.parse({...least, 'config-disk': value})['config-disk']
  expect(configDisk('virtio-blk')).toEqual({kind: 'virtio-blk'})
  expect(configDisk({kind: 'cdrom', bus: 'ide'})).toEqual({kind: 'cdrom', bus: 'ide'})
})

test.each([
  ['timeout-seconds', 1, 2 ** 31],
  ['cpu-cores', 1, 512],
  ['ssh-port', 1, 65_535],
  ['start-seconds', 1, 2 ** 31],
  ['grace-seconds', 0, 2 ** 31],
])('%s is a whole number from %d to %d', (key, lowest, highest) => {
  const holds = (value: unknown) => schema.safeParse({...least, [key]: value}).success
  expect([lowest, highest].map(holds)).toEqual([true, true])
  expect([lowest - 1, highest + 1, lowest + 0.5, String(lowest), null].map(holds)).toEqual(
    Array.from({length: 5}, () => false),
  )
})

test.each([
  ['name', ['vm 1', 'größe', '日本', '👩‍💻'], ['', 'a\nb', '\u001b', '\u0000', '\u202e', '\ud800', 7]],
  ['image', ['/a', '../a b', 'a\nb'], ['', 'a\u0000', null]],
  ['backing-files', [[], ['/a', '../a b']], ['a', [''], ['a\u0000'], [7], {}, null]],
  ['arch', ['x86_64', 'riscv64'], ['', 'a b', 7]],
  ['ram', ['512M', '1T'], ['4GB', '4 G', '4g', '0G', 4]],
  ['root-disk', ['80G'], ['80', null]],
  ['network', ['user', 'none', 'isolated'], ['None', 'bridge', null]],
  ['reboot', ['allow', 'forbid'], [true, 'never']],
  [
    'relax',
    [[], ['spawn'], ['obsolete', 'elevateprivileges', 'spawn', 'resourcecontrol', 'no-new-privs']],
    ['spawn', ['all'], [null], {}, null],
  ],
  ['accelerator', ['auto', 'kvm', 'tcg', 'hvf'], ['KVM', 'xen', true]],
  ['config', [{}], [[], null, 'a', 1]],
  ['config-disk', ['cdrom'], ['', {}, {kind: 7}, {kind: ''}, [], null]],
])('%s takes %j and refuses %j', (key, good, bad) => {
  const holds = (value: unknown) => schema.safeParse({...least, [key]: value}).success
  expect(good.filter(value => !holds(value))).toEqual([])
  expect(bad.filter(holds)).toEqual([])
})
