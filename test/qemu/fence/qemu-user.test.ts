import {readFile} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import type {OwnRights} from '../../../src/qemu/fence/qemu-user.js'
import {qemuUser} from '../../../src/qemu/fence/qemu-user.js'

const root: OwnRights = {uid: 0, inUserNamespace: async () => false, whyNoSwitch: async () => undefined}
/** Root in a user namespace that has only the numbers up to that of `nobody` but for those in between. */
const narrowRoot: OwnRights = {
  uid: 0,
  inUserNamespace: async () => true,
  whyNoSwitch: async ({uid}) =>
    uid > 61_183 && uid < 65_520 ? 'it does not exist in this user namespace' : undefined,
}
const confinedRoot: OwnRights = {...root, whyNoSwitch: async () => 'it takes a capability'}

describe('for root', () => {
  test('QEMU runs as a user of its own unless root says otherwise: the host’s, or else a number', async () => {
    const user = await qemuUser(undefined, root)
    const hasOwn = /^vmrun:/mu.test(await readFile('/etc/passwd', 'utf8'))
    expect(user).toMatchObject(hasOwn ? {name: 'vmrun'} : {name: String(user?.uid), isTemporary: true})
    expect(user?.uid).not.toBe(0)
  })

  test('where no such number can be had, it is a user that the host has', async () => {
    expect(['vmrun', 'nobody']).toContain((await qemuUser(undefined, narrowRoot))?.name)
  })

  test('QEMU runs as whom root names, root included', async () => {
    expect(await qemuUser('daemon', root)).toMatchObject({name: 'daemon'})
    expect(await qemuUser('root', root)).toMatchObject({uid: 0})
  })

  test.each(['no-such-user', '--help', ''])('a user %j that is not there is an error', async name => {
    await expect(qemuUser(name, root)).rejects.toMatchObject({name: 'UsageError'})
  })
})

describe('for a root that cannot become anybody else', () => {
  test('that is an error that says why and what to do', async () => {
    await expect(qemuUser(undefined, confinedRoot)).rejects.toMatchObject({
      name: 'HostError',
      message: 'vmrun cannot run QEMU as another user than root: it takes a capability',
      hint: expect.stringContaining('--user root'),
    })
    await expect(qemuUser('daemon', confinedRoot)).rejects.toMatchObject({name: 'UsageError'})
    expect(await qemuUser('root', confinedRoot)).toMatchObject({uid: 0})
  })

  test('it is vmrun’s own user in a user namespace, where root is an ordinary user outside', async () => {
    expect(await qemuUser(undefined, {...confinedRoot, inUserNamespace: async () => true})).toBeUndefined()
  })
})

describe('for an ordinary user', () => {
  const ordinary = {...root, uid: 1000}

  test('QEMU runs as the same', async () => {
    expect(await qemuUser(undefined, ordinary)).toBeUndefined()
  })

  test('there is nobody else to choose', async () => {
    await expect(qemuUser('nobody', ordinary)).rejects.toMatchObject({
      name: 'UsageError',
      message: 'only root can have QEMU run as another user',
    })
  })
})
