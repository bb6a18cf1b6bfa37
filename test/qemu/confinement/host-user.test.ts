import {execFileSync} from 'node:child_process'
import {chmod, chown, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {findUser, withKvmGroup} from '../../../src/qemu/confinement/host-user.js'
import {temporaryDirectory} from '../../temporary-directory.js'

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
    expect(await withKvmGroup(user, '/nonexistent')).toEqual(user)
    expect(await withKvmGroup(undefined)).toBeUndefined()
  })
})
