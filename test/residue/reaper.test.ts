import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {readdir, readFile, readlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, expect, onTestFinished, test, vi} from 'vitest'
import {identityOf, isAlive} from '../../src/residue/process-identity.js'
import {type Reaper, reaperScript, startReaper} from '../../src/residue/reaper.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {dead, killGroup, running, zombie} from './processes.js'

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
  const {pid} = await reaper()
  expect(await readlink(`/proc/${pid}/cwd`)).toBe('/')
  expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('secret')
  const [input, ...outputs] = await Promise.all([0, 1, 2].map(fd => readlink(`/proc/${pid}/fd/${fd}`)))
  expect(input).toMatch(/^socket:/u)
  expect(outputs).toEqual(['/dev/null', '/dev/null'])
})

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

/** Whoever wrote these names, nothing but these files goes. */
const names = ['record', 'a b', '-rf', '*', '$(touch owned)', 'new\nline', "it's"]

const allGone = [0, ['other']]
const allThere = expect.arrayContaining([...names, 'other'])

// As /bin/sh of Debian, and as that of Fedora, Arch and macOS.
describe.each(['dash', 'bash'])('the script of one, where sh is %s and the environment empty', shell => {
  /** Has the script be told something by a vmrun that then dies. @returns the exit code, and what is left of `names` */
  async function reap(
    lines: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ): Promise<readonly [number, readonly string[]]> {
    const directory = await temporaryDirectory()
    await Promise.all([...names, 'other'].map(name => writeFile(path.join(directory, name), '')))
    const files = [...names, 'gone'].map(name => path.join(directory, name))
    const child = spawn(`/bin/${shell}`, ['-c', reaperScript, 'vmrun-reaper', ...files], {
      argv0: 'sh',
      stdio: ['pipe', 'ignore', 'inherit'],
      env: environment,
    })
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(lines.map(line => `${line}\n`).join(''))
    const [code] = await once(child, 'exit')
    return [code, await readdir(directory)]
  }

  test('when vmrun dies, the files go, and only they', async () => {
    expect(await reap([])).toEqual(allGone)
  })

  test('a guarded process is killed, and the files go', async () => {
    const process = await running()
    expect(await reap([`guard ${process.pid} ${process.start}`])).toEqual(allGone)
    expect(isAlive(process)).toBe(false)
    expect(await process.ended).toBe('SIGKILL')
  })

  test.each<[string, (pid: number, start: string) => readonly string[], readonly unknown[]]>([
    ['was released', (pid, start) => [`guard ${pid} ${start}`, 'release'], allGone],
    ['has only got the pid of a guarded process', pid => [`guard ${pid} 1`], allGone],
    ['it was not told of whole', pid => ['', 'guard', 'frobnicate 1 2', `guard ${pid}`], allGone],
    [
      'was guarded before it was dismissed',
      (pid, start) => [`guard ${pid} ${start}`, 'dismiss'],
      [0, allThere],
    ],
  ])('a process that %s is not', async (_, lines, end) => {
    const process = await running()
    expect(await reap(lines(process.pid, process.start))).toEqual(end)
    expect(isAlive(process)).toBe(true)
  })

  test.each([
    ['is gone', dead],
    ['has ended and nobody has waited for it', zombie],
  ])('a guarded process that %s is no reason to wait', async (_, make) => {
    const {pid, start} = await make()
    expect(await reap([`guard ${pid} ${start}`])).toEqual(allGone)
  })

  test('what a guarded process has started is killed also when that one is gone already', async () => {
    const file = path.join(await temporaryDirectory(), 'pid')
    const script = `sleep 1000 & echo $! >'${file}.draft'; mv '${file}.draft' '${file}'; wait`
    const leader = await running('sh', ['-c', script])
    await expect.poll(() => existsSync(file)).toBe(true)
    process.kill(leader.pid, 'SIGKILL')
    await leader.ended
    const child = Number(await readFile(file, 'utf8'))
    await reap([`guard ${leader.pid} ${leader.start}`])
    await expect.poll(() => readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')).toBe('')
  })

  test('while a guarded process does not die, the files stay for the next sweep', async () => {
    const bin = await temporaryDirectory()
    await writeFile(path.join(bin, 'sleep'), '#!/bin/sh\n', {mode: 0o755})
    // It is in the process group of this one, so that its own, which would be killed, is none.
    const child = spawn('sleep', ['1000'], {stdio: 'ignore'})
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    await once(child, 'spawn')
    const {start} = identityOf(Number(child.pid)) ?? {}
    const PATH = `${bin}:${process.env['PATH']}`
    expect(await reap([`guard ${child.pid} ${start}`], {PATH})).toEqual([1, allThere])
  })
})
