import {type FileHandle, open, readFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, onTestFinished, test, vi} from 'vitest'
import {type Call, type CallEnd, callProgram, givenFile} from '../../../src/qemu/programs/call-program.js'
import {processGone} from '../../process-gone.js'
import {temporaryDirectory} from '../../temporary-directory.js'

/** An open file, empty. */
async function openFile(): Promise<{readonly handle: FileHandle; readonly name: string}> {
  const name = path.join(await temporaryDirectory(), 'file')
  const handle = await open(name, 'wx+')
  onTestFinished(() => handle.close())
  return {handle, name}
}

/** Calls a shell to its end. */
async function called(script: string, further: Partial<Call> = {}): Promise<CallEnd> {
  const {handle} = await openFile()
  const {signal} = new AbortController()
  return await callProgram({command: ['/bin/sh', '-c', script], file: handle, signal, ...further})
}

test('the program has the given file open', async () => {
  const {handle, name} = await openFile()
  expect(await called(`echo written >${givenFile}`, {file: handle})).toMatchObject({failure: undefined})
  expect(await readFile(name, 'utf8')).toBe('written\n')
})

test('the program sees nothing of vmrun’s environment that it does not need', async () => {
  vi.stubEnv('RUNNER_TOKEN', 'secret')
  try {
    expect((await called('env >&2')).stderr).not.toContain('secret')
  } finally {
    vi.unstubAllEnvs()
  }
})

test('how it ends is told, and is no error: by an exit code, and with what it said', async () => {
  expect(await called('echo odd >&2; exit 7')).toMatchObject({
    exitCode: 7,
    timedOut: false,
    stderr: 'odd',
    failure: expect.stringContaining('exit code 7'),
  })
})

test('that it took too long is told', async () => {
  expect(await called('exec sleep 1000', {limit: 100})).toMatchObject({timedOut: true, exitCode: undefined})
})

test('why it could not be started is told', async () => {
  expect(await called('', {command: ['/proc/nonexistent/program']})).toMatchObject({
    exitCode: undefined,
    failure: expect.stringContaining('/proc/nonexistent/program'),
    cause: expect.objectContaining({code: 'ENOENT'}),
  })
})

/** A script whose child stays, holds what it prints to open, and has its id told in it. */
const forking = 'sleep 1000 & echo child $! >&2; wait'

async function expectChildGone({stderr}: CallEnd): Promise<void> {
  const [, child] = /^child (\d+)$/u.exec(stderr) ?? []
  expect(child).toBeDefined()
  await processGone(Number(child))
}

test('what it started is killed with it when it takes too long', async () => {
  const end = await called(forking, {limit: 300})
  expect(end).toMatchObject({timedOut: true, failure: expect.stringContaining('SIGKILL')})
  await expectChildGone(end)
})

test('what it started is killed with it once it has said its last words', async () => {
  const end = await called(forking, {lastWords: /child \d+\n/u})
  expect(end).toMatchObject({timedOut: false, failure: expect.stringContaining('SIGKILL')})
  await expectChildGone(end)
})

test('what it started is killed with it when it is told to end', async () => {
  const controller = new AbortController()
  const {handle, name} = await openFile()
  const calling = called(`echo started >${givenFile}; ${forking}`, {file: handle, signal: controller.signal})
  await expect.poll(() => readFile(name, 'utf8')).toBe('started\n')
  controller.abort()
  expect(await calling).toMatchObject({failure: expect.stringContaining('SIGKILL')})
})

test('one that is told to end before it started is killed', async () => {
  expect(await called('exec sleep 1000', {signal: AbortSignal.abort()})).toMatchObject({exitCode: undefined})
})

test('what it leaves running when it ends is not waited for, and killed', async () => {
  const end = await called('sleep 1000 & echo child $! >&2; exit 7')
  expect(end).toMatchObject({exitCode: 7})
  await expectChildGone(end)
})

test('it leads a session of its own, which no terminal reaches', async () => {
  const {stderr} = await called('read -r _ _ _ _ group session _ </proc/$$/stat; echo $$ $group $session >&2')
  expect(stderr).toMatch(/^(\d+) \1 \1$/u)
})
