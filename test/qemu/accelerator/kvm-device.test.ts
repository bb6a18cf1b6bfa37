import {chmod, chown, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {whyNoKvm, withKvmGroup} from '../../../src/qemu/accelerator/kvm-device.js'
import {temporaryDirectory} from '../../temporary-directory.js'

/** A file in the place of the device: this user's, and of this user's own group, or, for root, of another one. */
async function deviceOf(mode: number): Promise<{readonly device: string; readonly gid: number}> {
  const device = join(await temporaryDirectory(), 'kvm')
  await writeFile(device, '')
  if (process.getuid?.() === 0) {
    await chown(device, 0, 36)
  }

  await chmod(device, mode)
  return {device, gid: (await stat(device)).gid}
}

const stranger = {name: 'stranger', uid: 65_533, gid: 65_533, groups: [7]}

test('without the device there is no KVM', async () => {
  expect(await whyNoKvm(undefined, '/proc/nonexistent/kvm')).toBe('there is no /proc/nonexistent/kvm')
})

test('for vmrun’s own user its own permission counts', async () => {
  const {device} = await deviceOf(0o600)
  expect(await whyNoKvm(undefined, device)).toBeUndefined()
})

test('another user has to have a permission, and is named when there is none', async () => {
  const {device} = await deviceOf(0o640)
  expect(await whyNoKvm(stranger, device)).toBe(
    `the user stranger has no permission for ${device} (is it in the group kvm?)`,
  )
})

test.each([0o606, 0o666])('everybody may use a device of mode %o', async mode => {
  const {device} = await deviceOf(mode)
  expect(await whyNoKvm(stranger, device)).toBeUndefined()
})

test('its group may use it where the group may: QEMU’s user gets that in addition', async () => {
  const {device, gid} = await deviceOf(0o660)
  expect(await withKvmGroup(stranger, device)).toEqual({...stranger, groups: [7, gid]})
  expect(await whyNoKvm(stranger, device)).toBeUndefined()
})

test.each([0o600, 0o640, 0o606])(
  'QEMU’s user does not get a group that may not, with mode %o',
  async mode => {
    const {device} = await deviceOf(mode)
    expect(await withKvmGroup(stranger, device)).toEqual(stranger)
  },
)

test('nor that of root, nor any where there is no device', async () => {
  // Group root may write to it.
  expect(await withKvmGroup(stranger, '/dev/null')).toEqual(stranger)
  expect(await withKvmGroup(stranger, '/proc/nonexistent')).toEqual(stranger)
  expect(await withKvmGroup(undefined)).toBeUndefined()
})

test('a temporary user is given the group of the device, so it is the device that has to have one', async () => {
  const {device} = await deviceOf(0o600)
  expect(await whyNoKvm({...stranger, isTemporary: true}, device)).toBe(
    `${device} is not for a group such as kvm to use, which QEMU would be given`,
  )
})
