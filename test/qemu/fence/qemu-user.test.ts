import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test, vi} from 'vitest'
import {type OwnRights, qemuUser} from '../../../src/qemu/fence/qemu-user.js'
import {findUser, localUser, type Places, temporaryUser} from '../../../src/qemu/fence/users.js'
import {writeProgram} from '../../executables.js'
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

/** What the system's own database says. */
const idOf = (option: string, name: string): readonly number[] =>
  execFileSync('id', [option, name], {encoding: 'utf8'}).trim().split(' ').map(Number)

// The last one is found by `id` alone.
test.each(['root', 'nobody', 'daemon', 'man', '65534'])(
  'the numbers of %s are those of the system',
  async name => {
    const user = await findUser(name)
    expect([user?.uid]).toEqual(idOf('-u', name))
    expect([user?.gid]).toEqual(idOf('-g', name))
    expect([user?.gid, ...(user?.groups ?? [])]).toEqual(idOf('-G', name))
  },
)

test.each(['no-such-user', '--help', '', '#', 'root:x'])('there is no user %j', async name => {
  expect(await findUser(name)).toBeUndefined()
})

test('only who has no entry of the host’s own is asked for elsewhere', async () => {
  const directory = await temporaryDirectory()
  await writeProgram(directory, 'id', 'echo "uid=5(a) gid=6(b) groups=6(b),7(c)"')
  vi.stubEnv('PATH', directory)
  expect(await findUser('remote')).toEqual({name: 'remote', uid: 5, gid: 6, groups: [7]})
  expect(await findUser('root')).toMatchObject({uid: 0})
  expect(localUser('remote')).toBeUndefined()
})

describe('entries in the host’s own files', () => {
  /** What is found of this user where passwd(5) has these lines. */
  async function found(passwd: string, name: string): Promise<unknown> {
    const directory = await temporaryDirectory()
    const files = {passwd: join(directory, 'passwd'), group: join(directory, 'group')}
    await writeFile(files.passwd, passwd)
    await writeFile(files.group, 'g:x:30:a,b\nodd:x::a\nown:x:20:a\n')
    return localUser(name, files)
  }

  test('have numbers', async () => {
    expect(await found('a:x:10:20::/:/bin/sh\n', 'a')).toEqual({name: 'a', uid: 10, gid: 20, groups: [30]})
  })

  test.each(['+::::::', '+:x::20', '+:x:10:', '+:x:1e3:20', '+:x:-1:20', '+'])(
    'that have none, as %j of NIS, are no users',
    async line => {
      expect(await found(`${line}\n`, '+')).toBeUndefined()
    },
  )
})

/** The numbers of systemd.exec(5), DynamicUser=. */
const numbers = Array.from({length: 65_519 - 61_184 + 1}, (_, index) => 61_184 + index)

/** A host on which all of these numbers but two are taken, and what else there is. */
async function hostWith({passwd = '', group = '', processes = {}} = {}): Promise<Places> {
  const directory = await temporaryDirectory()
  const places = {
    passwd: join(directory, 'passwd'),
    group: join(directory, 'group'),
    proc: join(directory, 'proc'),
  }
  const taken = numbers.filter(number => number !== 62_000 && number !== 63_000)
  const users = taken.map(number => `u${number}:x:${number}:100::/:/bin/sh\n`).join('')
  await writeFile(places.passwd, users + passwd)
  await writeFile(places.group, group)
  for (const [pid, status] of Object.entries(processes)) {
    await mkdir(join(places.proc, pid), {recursive: true})
    await writeFile(join(places.proc, pid, 'status'), String(status))
  }

  return places
}

test('it is a number for a service, with the group of that number and no others', () => {
  const user = temporaryUser()
  expect(numbers).toContain(user?.uid)
  expect(user).toEqual({
    name: String(user?.uid),
    uid: user?.uid,
    gid: user?.uid,
    groups: [],
    isTemporary: true,
  })
})

/** Those that are taken at all of many tries. */
function takenOf(places: Places, taken?: ReadonlySet<number>): ReadonlySet<number | undefined> {
  return new Set(Array.from({length: 60}, () => temporaryUser(taken, places)?.uid))
}

test('it is any of those that are free', async () => {
  const host = await hostWith()
  expect(takenOf(host)).toEqual(new Set([62_000, 63_000]))
  expect(takenOf(host, new Set([62_000]))).toEqual(new Set([63_000]))
})

test.each([
  ['a user has', {passwd: 'a:x:63000:5::/:/bin/sh\n'}],
  ['is a user’s first group', {passwd: 'a:x:5:63000::/:/bin/sh\n'}],
  ['a group has', {group: 'a:x:63000:root\n'}],
  ['a process runs as', {processes: {17: 'Name:\ta\nUid:\t63000\t63000\t63000\t63000\nGid:\t1\t1\t1\t1\n'}}],
  ['a process can go back to', {processes: {17: 'Uid:\t0\t0\t63000\t0\nGid:\t1\t1\t1\t1\n'}}],
  ['is a process’s group', {processes: {17: 'Uid:\t1\t1\t1\t1\nGid:\t63000\t63000\t63000\t63000\n'}}],
  ['is another group of a process', {processes: {17: 'Gid:\t1\t1\t1\t1\nGroups:\t4 63000 \n'}}],
])('it is none that %s', async (_, host) => {
  expect(takenOf(await hostWith(host))).toEqual(new Set([62_000]))
})

test('there is none where all are taken', async () => {
  const host = await hostWith({passwd: 'a:x:63000:5::/:/bin/sh\nb:x:62000:5::/:/bin/sh\n'})
  expect(takenOf(host)).toEqual(new Set([undefined]))
})

test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'a process of this host is seen',
  async () => {
    const child = spawn('sleep', ['1000'], {uid: 63_000, gid: 63_000, stdio: 'ignore'})
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    await once(child, 'spawn')
    expect(takenOf({...(await hostWith()), proc: '/proc'})).toEqual(new Set([62_000]))
  },
)
