import {execFileSync} from 'node:child_process'
import {chmod, chown, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, describe, expect, onTestFinished, test, vi} from 'vitest'
import {findUser, localUser, withKvmGroup} from '../../../src/qemu/fence/host-user.js'
import {writeProgram} from '../../executables.js'
import {temporaryDirectory} from '../../temporary-directory.js'

afterEach(() => {
  vi.unstubAllEnvs()
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
  expect(await localUser('remote')).toBeUndefined()
})

test.each(['', '.'])(
  'the program for that is never one of the working directory, with the PATH %j',
  async before => {
    const directory = await temporaryDirectory()
    await writeProgram(directory, 'id', 'echo "uid=5(a) gid=6(b)"')
    vi.stubEnv('PATH', `${before}:/proc/nonexistent`)
    const previous = process.cwd()
    process.chdir(directory)
    onTestFinished(() => process.chdir(previous))
    expect(await findUser('remote')).toBeUndefined()
  },
)

describe('entries in the host’s own files', () => {
  /** What is found of this user where passwd(5) has these lines. */
  async function found(passwd: string, name: string): Promise<unknown> {
    const directory = await temporaryDirectory()
    const files = {passwd: join(directory, 'passwd'), group: join(directory, 'group')}
    await writeFile(files.passwd, passwd)
    await writeFile(files.group, 'g:x:30:a,b\nodd:x::a\nown:x:20:a\n')
    return await localUser(name, files)
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

describe('the group of the device', () => {
  const user = {name: 'a', uid: 1, gid: 2, groups: [7]}

  /** A file of this user's own group, or, for root, of another one. */
  async function deviceOf(mode: number): Promise<{readonly file: string; readonly gid: number}> {
    const file = join(await temporaryDirectory(), 'kvm')
    await writeFile(file, '')
    if (process.getuid?.() === 0) {
      await chown(file, 0, 36)
    }

    await chmod(file, mode)
    return {file, gid: (await stat(file)).gid}
  }

  test('comes in addition where it may use the device', async () => {
    const {file, gid} = await deviceOf(0o660)
    expect(await withKvmGroup(user, file)).toEqual({...user, groups: [7, gid]})
  })

  test.each([0o600, 0o640, 0o606])('does not where it may not, with mode %o', async mode => {
    const {file} = await deviceOf(mode)
    expect(await withKvmGroup(user, file)).toEqual(user)
  })

  test('does not where it is root’s, or where there is no device', async () => {
    // Group root may write to it.
    expect(await withKvmGroup(user, '/dev/null')).toEqual(user)
    expect(await withKvmGroup(user, '/proc/nonexistent')).toEqual(user)
    expect(await withKvmGroup(undefined)).toBeUndefined()
  })
})
