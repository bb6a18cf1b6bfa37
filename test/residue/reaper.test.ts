import {existsSync} from 'node:fs'
import {readFile, readlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, onTestFinished, test, vi} from 'vitest'
import {identityOf, isAlive} from '../../src/residue/process-identity.js'
import {type Reaper, startReaper} from '../../src/residue/reaper.js'
import {openFiles} from '../open-files.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {killGroup, running} from './processes.js'

/** A reaper that would remove one file. */
async function reaper(): Promise<Reaper & {readonly file: string}> {
  const file = path.join(await temporaryDirectory(), 'record')
  await writeFile(file, '')
  const started = await startReaper([file])
  onTestFinished(() => killGroup(started.pid))
  return {...started, file}
}

test('when it is dismissed it is gone, and has touched nothing', async () => {
  const {pid, guard, dismiss, file} = await reaper()
  const process = await running()
  guard(process)
  await dismiss()
  expect(identityOf(pid)).toBeUndefined()
  expect(existsSync(file)).toBe(true)
  expect(isAlive(process)).toBe(true)
})

test('it leads a session of its own, which no terminal reaches', async () => {
  const {pid} = await reaper()
  // proc_pid_stat(5): the fields after the name in parentheses are the state, the parent, the process group and the session.
  const [, , processGroup, session] =
    (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  expect([processGroup, session]).toEqual([String(pid), String(pid)])
})

test.each(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const)('%s does not end it', async signal => {
  const {pid, dismiss} = await reaper()
  // Nothing tells when it ignores signals but the mask itself: proc_pid_status(5).
  await expect.poll(() => readFile(`/proc/${pid}/status`, 'utf8')).toMatch(/^SigIgn:\s+\d*4007$/mu)
  process.kill(pid, signal)
  expect(identityOf(pid)).toBeDefined()
  await dismiss()
})

test('it keeps no directory and no output of vmrun’s, and sees nothing of its environment that it does not need', async () => {
  vi.stubEnv('RUNNER_TOKEN', 'secret')
  try {
    const {pid} = await reaper()
    expect(await readlink(`/proc/${pid}/cwd`)).toBe('/')
    expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('secret')
    const [input, ...outputs] = await Promise.all([0, 1, 2].map(fd => readlink(`/proc/${pid}/fd/${fd}`)))
    expect(input).toMatch(/^socket:/u)
    expect(outputs).toEqual(['/dev/null', '/dev/null'])
  } finally {
    vi.unstubAllEnvs()
  }
})

test('no other child holds the connection to it open', async () => {
  const before = await ownSockets()
  await reaper()
  const connection = (await ownSockets()).filter(socket => !before.includes(socket))
  expect(connection).toHaveLength(1)
  const {pid} = await running()
  expect(await openFiles(pid)).not.toContain(connection[0])
})

async function ownSockets(): Promise<readonly string[]> {
  return (await openFiles(process.pid)).filter(file => file.startsWith('socket:'))
}

test('one that somebody killed is no reason to fail', async () => {
  const {pid, guard, release, dismiss} = await reaper()
  killGroup(pid)
  await expect.poll(() => identityOf(pid)).toBeUndefined()
  guard(await running())
  release()
  await dismiss()
})

test('one that somebody has stopped is killed once it is dismissed', async () => {
  const {pid, dismiss, file} = await reaper()
  process.kill(pid, 'SIGSTOP')
  await expect.poll(() => readFile(`/proc/${pid}/stat`, 'utf8')).toContain(') T ')
  await dismiss()
  expect(identityOf(pid)).toBeUndefined()
  expect(existsSync(file)).toBe(true)
})
