import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {type Places, temporaryUser} from '../../../src/qemu/fence/temporary-user.js'
import {temporaryDirectory} from '../../temporary-directory.js'

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

test('it is hardly ever the same one', () => {
  expect(new Set(Array.from({length: 20}, () => temporaryUser()?.uid)).size).toBeGreaterThan(10)
})

test('it is any of those that are free', async () => {
  const host = await hostWith()
  const found = Array.from({length: 60}, () => temporaryUser(host)?.uid)
  expect(new Set(found)).toEqual(new Set([62_000, 63_000]))
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
  const places = await hostWith(host)
  expect(new Set(Array.from({length: 40}, () => temporaryUser(places)?.uid))).toEqual(new Set([62_000]))
})

test('there is none where all are taken', async () => {
  const host = await hostWith({passwd: 'a:x:63000:5::/:/bin/sh\nb:x:62000:5::/:/bin/sh\n'})
  expect(temporaryUser(host)).toBeUndefined()
})

test.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'a process of this host is seen',
  async () => {
    const child = spawn('sleep', ['1000'], {uid: 63_000, gid: 63_000, stdio: 'ignore'})
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    await once(child, 'spawn')
    const host = {...(await hostWith()), proc: '/proc'}
    expect(new Set(Array.from({length: 40}, () => temporaryUser(host)?.uid))).toEqual(new Set([62_000]))
  },
)
