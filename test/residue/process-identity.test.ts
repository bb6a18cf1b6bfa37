import {execFileSync} from 'node:child_process'
import {readlinkSync} from 'node:fs'
import {copyFile, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test, vi} from 'vitest'
import {
  identityOf,
  isAlive,
  ownIdentity,
  processNamespace,
  startByPs,
} from '../../src/residue/process-identity.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {dead, running, zombie} from './processes.js'

test('a process is named by its pid and when it started', async () => {
  const {pid, start} = await running()
  expect(identityOf(pid)).toEqual({pid, start})
  expect(start).toMatch(/^[\w:-]+$/u)
  expect(isAlive({pid, start})).toBe(true)
  // Another one that had its pid.
  expect(isAlive({pid, start: String(Number(start) - 1)})).toBe(false)
  expect(ownIdentity()).toEqual(identityOf(process.pid))
})

test('what a process executes does not change who it is', async () => {
  const shell = await running('sh', ['-c', 'while [ ! -e /proc/nonexistent ]; do exec sleep 1000; done'])
  expect(isAlive(shell)).toBe(true)
  expect(identityOf(shell.pid)?.start).toBe(shell.start)
})

test.each([
  ['is gone', dead],
  ['has ended, also when nobody has waited for it,', zombie],
])('one that %s is gone', async (_, make) => {
  const identity = await make()
  expect(identityOf(identity.pid)).toBeUndefined()
  expect(isAlive(identity)).toBe(false)
})

test('one of another user is seen as well', () => {
  expect(identityOf(1)).toBeDefined()
})

test('a name that looks like the fields that follow it does not mislead', async () => {
  const program = path.join(await temporaryDirectory(), ') Z 1 (')
  await copyFile('/bin/sleep', program)
  const {pid, start} = await running(program)
  const fields = execFileSync('sed', ['s/.*) //', `/proc/${pid}/stat`], {encoding: 'utf8'}).split(' ')
  expect(start).toBe(fields[19])
})

test('where there is no /proc, ps tells when a process started, whatever the language and the time zone', async () => {
  const {pid} = await running()
  expect(startByPs(pid)).toMatch(/^[A-Z][a-z]{2}-[A-Z][a-z]{2}-\d{1,2}-\d\d:\d\d:\d\d-\d{4}$/u)
  expect(startByPs((await zombie()).pid)).toBe('ended')
  const {pid: gone} = await dead()
  expect(() => startByPs(gone)).toThrow('ps')
})

test('ps sees nothing of vmrun’s environment that it does not need', async () => {
  const directory = await temporaryDirectory()
  await writeFile(path.join(directory, 'ps'), '#!/bin/sh\nexec /usr/bin/env >"$TMPDIR/seen"\n', {mode: 0o755})
  vi.stubEnv('PATH', directory)
  vi.stubEnv('TMPDIR', directory)
  vi.stubEnv('RUNNER_TOKEN', 'secret')
  startByPs(process.pid)

  const seen = await readFile(path.join(directory, 'seen'), 'utf8')
  expect(seen).toContain('LC_ALL=C')
  expect(seen).not.toContain('secret')
})

test.runIf(process.platform === 'linux')('the namespace is the one that the kernel names', () => {
  expect(processNamespace()).toContain(readlinkSync('/proc/self/ns/pid'))
})
