import {chmod, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {whyNoKvm} from '../../../src/qemu/accelerator/kvm-device.js'
import {temporaryDirectory} from '../../temporary-directory.js'

/** A file in the place of the device, this user's own. */
async function deviceOf(mode: number): Promise<{readonly device: string; readonly gid: number}> {
  const device = join(await temporaryDirectory(), 'kvm')
  await writeFile(device, '')
  await chmod(device, mode)
  return {device, gid: (await stat(device)).gid}
}

const stranger = {name: 'stranger', uid: 65_533, gid: 65_533, groups: []}

test('without the device there is no KVM', async () => {
  expect(await whyNoKvm(undefined, '/proc/nonexistent/kvm')).toBe('there is no /proc/nonexistent/kvm')
})

test('for vmrun’s own user its own permission counts', async () => {
  const {device} = await deviceOf(0o600)
  expect(await whyNoKvm(undefined, device)).toBeUndefined()
})

test('another user has to have a permission, and is named when there is none', async () => {
  const {device} = await deviceOf(0o600)
  expect(await whyNoKvm(stranger, device)).toBe(
    `the user stranger has no permission for ${device} (is it in the group kvm?)`,
  )
})

test.each([0o606, 0o666])('everybody may use a device of mode %o', async mode => {
  const {device} = await deviceOf(mode)
  expect(await whyNoKvm(stranger, device)).toBeUndefined()
})

test('a member of its group may use it where the group may', async () => {
  const {device, gid} = await deviceOf(0o660)
  expect(await whyNoKvm({...stranger, groups: [gid]}, device)).toBeUndefined()
  await chmod(device, 0o640)
  expect(await whyNoKvm({...stranger, groups: [gid]}, device)).toContain('has no permission')
})

test('a temporary user is given the group of the device, so it is the device that has to have one', async () => {
  const {device} = await deviceOf(0o600)
  expect(await whyNoKvm({...stranger, isTemporary: true}, device)).toBe(
    `${device} is not for a group such as kvm to use, which QEMU would be given`,
  )
})
