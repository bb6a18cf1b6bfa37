import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {type OwnRights, qemuUser} from '../../../src/qemu/fence/qemu-user.js'
import {temporaryDirectory} from '../../temporary-directory.js'

const whole = '         0          0 4294967295\n'
const allCapabilities = 'Name:\tnode\nCapEff:\t000001ffffffffff\n'

/** A root of which proc(5) has this. */
async function rootWith(files: Readonly<Record<string, string>>): Promise<OwnRights> {
  const proc = await temporaryDirectory()
  const all = {uid_map: whole, gid_map: whole, setgroups: 'allow\n', status: allCapabilities, ...files}
  for (const [name, content] of Object.entries(all)) {
    await writeFile(join(proc, name), content)
  }

  return {uid: 0, proc}
}

// Of which nothing is known, as outside of Linux: then nothing is in the way.
const root: OwnRights = {uid: 0, proc: '/proc/nonexistent'}

describe('for root', () => {
  test('QEMU runs as a user of its own unless root says otherwise: the host’s, or else a number', async () => {
    const user = await qemuUser(undefined, root)
    const hasOwn = /^vmrun:/mu.test(await readFile('/etc/passwd', 'utf8'))
    expect(user).toMatchObject(hasOwn ? {name: 'vmrun'} : {name: String(user?.uid), isTemporary: true})
    expect(user?.uid).not.toBe(0)
  })

  test('where no such number can be had, it is a user that the host has', async () => {
    const narrow = '0 100000 61184\n65520 165520 16\n'
    const own = await rootWith({uid_map: narrow, gid_map: narrow})
    expect(['vmrun', 'nobody']).toContain((await qemuUser(undefined, own))?.name)
  })

  test('QEMU runs as whom root names, root included', async () => {
    expect(await qemuUser('daemon', root)).toMatchObject({name: 'daemon'})
    expect(await qemuUser('root', root)).toMatchObject({uid: 0})
  })

  test.each(['no-such-user', '--help', ''])('a user %j that is not there is an error', async name => {
    await expect(qemuUser(name, root)).rejects.toMatchObject({name: 'UsageError'})
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

const ofOne = {uid_map: '0 1000 1\n', gid_map: '0 1000 1\n', setgroups: 'deny\n'}
const notDaemon = 'it does not exist in this user namespace'
const powerless = 'it takes the capabilities CAP_KILL, CAP_SETUID and CAP_SETGID'

test.each<[string, Readonly<Record<string, string>>]>([
  ['of the host', {}],
  ['with these three capabilities', {status: 'CapEff:\t00000000000000e0\n'}],
  [
    'of a user namespace that has others',
    {uid_map: '0 1000 1\n1 100000 65536\n', gid_map: '0 1000 1\n1 100000 65536\n'},
  ],
])('a root %s can become somebody else', async (_, files) => {
  const own = await rootWith(files)
  expect((await qemuUser(undefined, own))?.uid).toBeGreaterThan(0)
  expect(await qemuUser('daemon', own)).toMatchObject({name: 'daemon'})
})

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['without capabilities', {status: 'CapEff:\t0000000000000000\n'}, powerless],
  ['without CAP_SETGID', {status: 'CapEff:\t00000000000000a0\n'}, powerless],
  ['without CAP_SETUID', {status: 'CapEff:\t0000000000000060\n'}, powerless],
  ['without CAP_KILL', {status: 'CapEff:\t00000000000000c0\n'}, powerless],
  ['of a user namespace of one user', ofOne, notDaemon],
  ['that may not change its groups', {uid_map: '0 100000 65536\n', setgroups: 'deny\n'}, notDaemon],
  ['of a namespace without that group', {uid_map: '0 100000 65536\n', gid_map: '0 100000 1\n'}, notDaemon],
])('a root %s cannot; in a user namespace it is an ordinary user outside', async (_, files, why) => {
  const own = await rootWith(files)
  await expect(qemuUser('daemon', own)).rejects.toMatchObject({
    name: 'UsageError',
    message: `vmrun cannot run QEMU as "daemon": ${why}`,
  })
  expect(await qemuUser('root', own)).toMatchObject({uid: 0})
  if (why === notDaemon) {
    expect(await qemuUser(undefined, own)).toBeUndefined()
  } else {
    await expect(qemuUser(undefined, own)).rejects.toMatchObject({
      name: 'HostError',
      message: `vmrun cannot run QEMU as another user than root: ${why}`,
      hint: expect.stringContaining('--user root'),
    })
  }
})
