import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {isInUserNamespace, whyNoSwitch} from '../../../src/qemu/fence/switch-user.js'
import {temporaryDirectory} from '../../temporary-directory.js'

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

test('root of the host can become anybody', async () => {
  const own = await processWith({})
  expect(await whyNoSwitch(nobody, own)).toBeUndefined()
  expect(await isInUserNamespace(own)).toBe(false)
})

describe('in a user namespace', () => {
  test.each([
    ['of one user', {uid_map: '0 1000 1\n', gid_map: '0 1000 1\n', setgroups: 'deny\n'}],
    ['whose groups may not be changed', {uid_map: '0 100000 65536\n', setgroups: 'deny\n'}],
    ['without that group', {uid_map: '0 100000 65536\n', gid_map: '0 100000 1000\n'}],
  ])('%s, nobody does not exist', async (_, files) => {
    const own = await processWith(files)
    expect(await whyNoSwitch(nobody, own)).toBe('it does not exist in this user namespace')
    expect(await isInUserNamespace(own)).toBe(true)
  })

  test('that maps them, its root can become them', async () => {
    const map = '0 1000 1\n1 100000 65536\n'
    const own = await processWith({uid_map: map, gid_map: map})
    expect(await whyNoSwitch(nobody, own)).toBeUndefined()
    expect(await whyNoSwitch({uid: 65_537, gid: 0}, own)).toContain('user namespace')
  })
})

test.each(['0000000000000000', '00000000000000a0', '0000000000000060', '00000000000000c0'])(
  'with the capabilities %s root is not enough',
  async mask => {
    const own = await processWith({status: `CapEff:\t${mask}\n`})
    expect(await whyNoSwitch(nobody, own)).toBe(
      'it takes the capabilities CAP_KILL, CAP_SETUID and CAP_SETGID',
    )
  },
)

test('with these three it is', async () => {
  const own = await processWith({status: 'CapEff:\t00000000000000e0\n'})
  expect(await whyNoSwitch(nobody, own)).toBeUndefined()
})

test('where nothing is known of that, as outside of Linux, nothing is in the way', async () => {
  expect(await whyNoSwitch(nobody, '/proc/nonexistent')).toBeUndefined()
  expect(await isInUserNamespace('/proc/nonexistent')).toBe(false)
})
