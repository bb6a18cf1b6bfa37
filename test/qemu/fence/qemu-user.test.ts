import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {isInUserNamespace, type OwnRights, qemuUser, whyNoSwitch} from '../../../src/qemu/fence/qemu-user.js'
import {temporaryDirectory} from '../../temporary-directory.js'

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

const whole = '         0          0 4294967295\n'
const allCapabilities = 'Name:\tnode\nCapEff:\t000001ffffffffff\n'
const nobody = {uid: 65_534, gid: 65_534}

/** What proc(5) has of a process. */
async function processWith(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await temporaryDirectory()
  const all = {uid_map: whole, gid_map: whole, setgroups: 'allow\n', status: allCapabilities, ...files}
  for (const [name, content] of Object.entries(all)) {
    await writeFile(join(directory, name), content)
  }

  return directory
}

const inNamespace = 'it does not exist in this user namespace'
const inCapabilities = 'it takes the capabilities CAP_KILL, CAP_SETUID and CAP_SETGID'
const map = '0 1000 1\n1 100000 65536\n'

test.each<[string, Readonly<Record<string, string>>, string | undefined, boolean]>([
  ['root of the host can become anybody', {}, undefined, false],
  ['one without capabilities cannot', {status: 'CapEff:\t0000000000000000\n'}, inCapabilities, false],
  ['nor one without CAP_SETGID', {status: 'CapEff:\t00000000000000a0\n'}, inCapabilities, false],
  ['nor one without CAP_SETUID', {status: 'CapEff:\t0000000000000060\n'}, inCapabilities, false],
  ['nor one without CAP_KILL', {status: 'CapEff:\t00000000000000c0\n'}, inCapabilities, false],
  ['one with these three can', {status: 'CapEff:\t00000000000000e0\n'}, undefined, false],
  [
    'one of a namespace of one user cannot',
    {uid_map: '0 1000 1\n', gid_map: '0 1000 1\n', setgroups: 'deny\n'},
    inNamespace,
    true,
  ],
  [
    'nor where groups may not be changed',
    {uid_map: '0 100000 65536\n', setgroups: 'deny\n'},
    inNamespace,
    true,
  ],
  ['nor without that group', {uid_map: '0 100000 65536\n', gid_map: '0 100000 1000\n'}, inNamespace, true],
  ['one of a namespace that maps them can', {uid_map: map, gid_map: map}, undefined, true],
])('%s', async (_, files, why, inUserNamespace) => {
  const own = await processWith(files)
  expect(await whyNoSwitch(nobody, own)).toBe(why)
  expect(await isInUserNamespace(own)).toBe(inUserNamespace)
})

test('where nothing is known of that, as outside of Linux, nothing is in the way', async () => {
  expect(await whyNoSwitch(nobody, '/proc/nonexistent')).toBeUndefined()
  expect(await isInUserNamespace('/proc/nonexistent')).toBe(false)
})
