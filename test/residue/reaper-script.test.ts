import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {readdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {identityOf, isAlive} from '../../src/residue/process-identity.js'
import {reaperScript} from '../../src/residue/reaper-script.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {dead, killGroup, running, zombie} from './processes.js'

/** Whoever wrote these names, nothing but these files goes. */
const names = ['record', 'a b', '-rf', '*', '$(touch owned)', 'new\nline', "it's"]

interface Told {
  readonly lines: readonly string[]
  readonly environment?: NodeJS.ProcessEnv
}

// As /bin/sh of Debian, and as that of Fedora, Arch and macOS.
describe.each(['dash', 'bash'])('where sh is %s', shell => {
  /** Has the script be told something by a vmrun that then dies. @returns the exit code, and what is left of `names` */
  async function reap({
    lines,
    environment = process.env,
  }: Told): Promise<readonly [number, readonly string[]]> {
    const directory = await temporaryDirectory()
    await Promise.all([...names, 'other'].map(name => writeFile(path.join(directory, name), '')))
    const files = [...names, 'gone'].map(name => path.join(directory, name))
    const child = spawn(shell, ['-c', reaperScript, 'vmrun-reaper', ...files], {
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
    expect(await reap({lines: []})).toEqual([0, ['other']])
  })

  test('a guarded process is killed, and the files go', async () => {
    const process = await running()
    expect(await reap({lines: [`guard ${process.pid} ${process.start}`]})).toEqual([0, ['other']])
    expect(isAlive(process)).toBe(false)
    expect(await process.ended).toBe('SIGKILL')
  })

  test('one that was released is not', async () => {
    const process = await running()
    const lines = [`guard ${process.pid} ${process.start}`, 'release']
    expect(await reap({lines})).toEqual([0, ['other']])
    expect(isAlive(process)).toBe(true)
  })

  test('one that has got the pid of a guarded process is not', async () => {
    const process = await running()
    const lines = [`guard ${process.pid} ${Number(process.start) - 1}`]
    expect(await reap({lines})).toEqual([0, ['other']])
    expect(isAlive(process)).toBe(true)
  })

  test.each([
    ['is gone', dead],
    ['has ended and nobody has waited for it', zombie],
  ])('a guarded process that %s is no reason to wait', async (_, make) => {
    const {pid, start} = await make()
    expect(await reap({lines: [`guard ${pid} ${start}`]})).toEqual([0, ['other']])
  })

  test('what a guarded process has started is killed also when that one is gone already', async () => {
    const file = path.join(await temporaryDirectory(), 'pid')
    const script = `sleep 1000 & echo $! >'${file}.draft'; mv '${file}.draft' '${file}'; wait`
    const leader = await running('sh', ['-c', script])
    await expect.poll(() => existsSync(file)).toBe(true)
    process.kill(leader.pid, 'SIGKILL')
    await leader.ended
    const child = Number(await readFile(file, 'utf8'))
    await reap({lines: [`guard ${leader.pid} ${leader.start}`]})
    await expect.poll(() => readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')).toBe('')
  })

  test('when it is dismissed, everything stays', async () => {
    const process = await running()
    const [code, left] = await reap({lines: [`guard ${process.pid} ${process.start}`, 'dismiss']})
    expect(code).toBe(0)
    expect(new Set(left)).toEqual(new Set([...names, 'other']))
    expect(isAlive(process)).toBe(true)
  })

  test('what it is not told whole it does not do', async () => {
    const process = await running()
    expect(await reap({lines: ['', 'guard', 'frobnicate 1 2', `guard ${process.pid}`]})).toEqual([
      0,
      ['other'],
    ])
    expect(isAlive(process)).toBe(true)
  })

  test('while a guarded process does not die, the files stay for the next sweep', async () => {
    const bin = await temporaryDirectory()
    await writeFile(path.join(bin, 'sleep'), '#!/bin/sh\n', {mode: 0o755})
    const environment = {PATH: `${bin}:${process.env['PATH']}`}
    // It is in the process group of this one, so that its own, which would be killed, is none.
    const child = spawn('sleep', ['1000'], {stdio: 'ignore'})
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    await once(child, 'spawn')
    const {start} = identityOf(Number(child.pid)) ?? {}
    const [code, left] = await reap({lines: [`guard ${child.pid} ${start}`], environment})
    expect(code).toBe(1)
    expect(new Set(left)).toEqual(new Set([...names, 'other']))
  })
})

test('it needs nothing of the environment', async () => {
  const directory = await temporaryDirectory()
  const file = path.join(directory, 'record')
  await writeFile(file, '')
  const child = spawn('/bin/sh', ['-c', reaperScript, 'vmrun-reaper', file], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: {},
  })
  onTestFinished(() => killGroup(Number(child.pid)))
  child.stdin.end()
  await once(child, 'exit')
  expect(existsSync(file)).toBe(false)
})
