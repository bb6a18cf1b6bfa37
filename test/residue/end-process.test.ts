import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {expect, onTestFinished, test} from 'vitest'
import {endProcess} from '../../src/residue/end-process.js'
import {identityOf, isAlive, ownIdentity, type ProcessIdentity} from '../../src/residue/process-identity.js'
import {dead, leaderless, running} from './processes.js'

/** A process in the process group of this one. */
async function follower(): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['1000'], {stdio: 'ignore'})
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  await once(child, 'spawn')
  return {pid: 0, start: '', ...identityOf(Number(child.pid))}
}

test('one that leads no process group is killed alone', async () => {
  const [one, other] = [await follower(), await follower()]
  expect(await endProcess(one)).toBe('killed')
  expect(isAlive(one)).toBe(false)
  expect(isAlive(other)).toBe(true)
})

test('one that is stopped is killed as well', async () => {
  const one = await running()
  process.kill(one.pid, 'SIGSTOP')
  expect(await endProcess(one)).toBe('killed')
  expect(await one.ended).toBe('SIGKILL')
})

test('what was gone before is not said to have been killed, and whoever has its pid is not touched', async () => {
  expect(await endProcess(await dead())).toBe('was-gone')
  const {pid, start} = await running()
  expect(await endProcess({pid, start: String(Number(start) - 1)})).toBe('was-gone')
  expect(isAlive({pid, start})).toBe(true)
})

test('what a process has left of its group is killed when it is gone itself', async () => {
  const {leader, left} = await leaderless()
  expect(await endProcess(leader)).toBe('killed')
  expect(isAlive(left)).toBe(false)
  expect(await endProcess(leader)).toBe('was-gone')
})

test('a group that got its number long after that process, and whose leader is gone as well, is not touched', async () => {
  const {leader, left} = await leaderless()
  const before = {...leader, start: String(Number(leader.start) - 24 * 60 * 60 * 100)}
  expect(await endProcess(before)).toBe('was-gone')
  expect(isAlive(left)).toBe(true)
})

test.each([0, -1, 1])('the process %d is never killed, as signals to that number go to many', async pid => {
  const start = identityOf(pid)?.start ?? ''
  expect(await endProcess({pid, start})).toBe('still-there')
})

test('this process does not kill itself', async () => {
  expect(await endProcess(ownIdentity())).toBe('still-there')
})
