import {execFileSync} from 'node:child_process'
import {statSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {qemuUser, withKvmGroup} from '../../../src/qemu/confinement/host-user.js'

/** What the system's own database says. */
const idOf = (option: string, name: string): readonly number[] =>
  execFileSync('id', [option, name], {encoding: 'utf8'}).trim().split(' ').map(Number)

describe('for root', () => {
  test('QEMU runs as a user without rights unless root says otherwise', async () => {
    const user = await qemuUser(undefined, 0)
    expect(['vmrun', 'nobody']).toContain(user?.name)
    expect(user?.uid).not.toBe(0)
  })

  test.each(['nobody', 'daemon', 'man'])('the numbers of %s are those of the system', async name => {
    const user = await qemuUser(name, 0)
    expect([user?.uid]).toEqual(idOf('-u', name))
    expect([user?.gid]).toEqual(idOf('-g', name))
    expect([user?.gid, ...(user?.groups ?? [])]).toEqual(idOf('-G', name))
  })

  test('root may stay root', async () => {
    expect(await qemuUser('root', 0)).toBeUndefined()
  })

  test.each(['no-such-user', '--help', ''])('a user %j that is not there is an error', async name => {
    await expect(qemuUser(name, 0)).rejects.toMatchObject({name: 'UsageError'})
  })
})

describe('for an ordinary user', () => {
  test('QEMU runs as the same', async () => {
    expect(await qemuUser(undefined, 1000)).toBeUndefined()
  })

  test('there is nobody else to choose', async () => {
    await expect(qemuUser('nobody', 1000)).rejects.toMatchObject({
      name: 'UsageError',
      message: 'only root can have QEMU run as another user',
    })
  })
})

test('the group of /dev/kvm comes in addition, where there is such a group', async () => {
  const device = statSync('/dev/kvm', {throwIfNoEntry: false})
  const expected = device && (device.mode & 0o060) === 0o060 ? [7, device.gid] : [7]
  const user = {name: 'a', uid: 1, gid: 2, groups: [7]}
  expect(await withKvmGroup(user)).toEqual({...user, groups: expected})
  expect(await withKvmGroup(undefined)).toBeUndefined()
})
