import {execFileSync, spawnSync} from 'node:child_process'
import {readdirSync, readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {areCoreDumpsForbidden, forbidCoreDumps} from '../../src/supervision/core-dumps.js'
import {temporaryDirectory} from '../temporary-directory.js'

const linux = process.platform === 'linux'

/** Whether this host writes a core into a file in the working directory, as far as its limit lets it. */
const intoFiles = linux && /^[^|@/]*$/u.test(readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim())

/** Allows cores again, as far as this user may. */
function allowCores(): void {
  const hard = process.getuid?.() === 0 ? 'unlimited:unlimited' : 'unlimited:'
  spawnSync('prlimit', [`--pid=${process.pid}`, `--core=${hard}`])
}

/** Has a process of this one crash. @returns what it left in its directory */
async function crash(): Promise<readonly string[]> {
  const directory = await temporaryDirectory()
  expect(spawnSync('sh', ['-c', 'kill -ABRT $$'], {cwd: directory}).signal).toBe('SIGABRT')
  return readdirSync(directory)
}

test.runIf(intoFiles && process.getuid?.() === 0)(
  'without it, a process that crashes leaves a core',
  async () => {
    allowCores()
    expect(await areCoreDumpsForbidden()).toBe(false)
    expect(await crash()).toHaveLength(1)
  },
)

test.runIf(linux)('neither this process nor one that it starts leaves a core', async () => {
  allowCores()
  expect(await forbidCoreDumps()).toBe(true)
  expect(await areCoreDumpsForbidden()).toBe(true)
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

test.runIf(linux)('it may be asked for twice', async () => {
  expect(await forbidCoreDumps()).toBe(true)
  expect(await forbidCoreDumps()).toBe(true)
})
