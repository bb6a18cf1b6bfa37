import {execFileSync, spawnSync} from 'node:child_process'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test, vi} from 'vitest'
import {forbidCoreDumps} from '../../src/host/core-dumps.js'
import {writeProgram} from '../executables.js'
import {temporaryDirectory} from '../temporary-directory.js'

const linux = process.platform === 'linux'

/** Whether this host writes a core into a file in the working directory, as far as its limit lets it. */
const intoFiles = linux && /^[^|@/]*$/u.test(readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim())

/** Allows cores again, as far as this user may. */
function allowCores(): void {
  const hard = process.getuid?.() === 0 ? 'unlimited:unlimited' : 'unlimited:'
  spawnSync('prlimit', [`--pid=${process.pid}`, `--core=${hard}`])
  // What it is where nobody changed it: core(5).
  writeFileSync('/proc/self/coredump_filter', '0x33')
}

/** Has a process of this one crash. @returns what it left in its directory */
async function crash(): Promise<readonly string[]> {
  const directory = await temporaryDirectory()
  expect(spawnSync('sh', ['-c', 'kill -ABRT $$'], {cwd: directory}).signal).toBe('SIGABRT')
  return readdirSync(directory)
}

/** What is in the core of a process that has a secret in its environment, and with it in its memory. */
async function coreWith(secret: string): Promise<Buffer> {
  const directory = await temporaryDirectory()
  const options = {cwd: directory, env: {SECRET: secret}}
  expect(spawnSync('/bin/sh', ['-c', 'kill -ABRT $$'], options).signal).toBe('SIGABRT')
  const [core = ''] = readdirSync(directory)
  return await readFile(path.join(directory, core))
}

// Before the limit is lowered for good, which not every root may raise again.
test.runIf(intoFiles && process.getuid?.() === 0)(
  'where the limit cannot be changed, a core has no memory in it',
  async () => {
    allowCores()
    expect((await coreWith('very-secret')).includes('very-secret')).toBe(true)
    vi.stubEnv('PATH', '/proc/nonexistent')
    expect(await forbidCoreDumps()).toBe(true)
    const core = await coreWith('very-secret')
    expect(core.length).toBeGreaterThan(0)
    expect(core.includes('very-secret')).toBe(false)
  },
)

test.runIf(linux)('neither this process nor one that it starts leaves a core', async () => {
  allowCores()
  expect(await forbidCoreDumps()).toBe(true)
  expect(await crash()).toEqual([])
  const own = execFileSync('prlimit', [
    `--pid=${process.pid}`,
    '--core',
    '--noheadings',
    '--raw',
    '--output=SOFT,HARD',
  ])
  expect(['1 1', '0 0']).toContain(own.toString().trim())
})

test.runIf(linux)('a prlimit that hangs, or is not there, is done without', async () => {
  allowCores()
  const directory = await temporaryDirectory()
  await writeProgram(directory, 'prlimit', 'exec /bin/sleep 1000')
  vi.stubEnv('PATH', directory)
  expect(await forbidCoreDumps(100)).toBe(true)
  vi.stubEnv('PATH', '/proc/nonexistent')
  expect(await forbidCoreDumps()).toBe(true)
})
