import {execFileSync} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, expect, test, vi} from 'vitest'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'
import {
  exitWithParentArguments,
  offersExitWithParent,
  relaxationWarnings,
  sandboxArguments,
} from '../../../src/qemu/fence/sandbox.js'
import {findProgram} from '../../../src/qemu/programs/find-program.js'
import {ProgramCache} from '../../../src/qemu/programs/program-cache.js'
import {writeProgram} from '../../executables.js'
import {temporaryDirectory} from '../../temporary-directory.js'

const isLinux = process.platform === 'linux'

test.runIf(isLinux).each([
  [[], 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
  [['obsolete'], 'on,obsolete=allow,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
  [['elevateprivileges'], 'on,obsolete=deny,elevateprivileges=allow,spawn=deny,resourcecontrol=deny'],
  [['spawn'], 'on,obsolete=deny,elevateprivileges=deny,spawn=allow,resourcecontrol=deny'],
  [['resourcecontrol'], 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=allow'],
  [['no-new-privs'], 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
] as const)('relaxing %j leaves the rest of the filter as it is', (relaxed, filter) => {
  expect(sandboxArguments(relaxed)).toEqual(['-sandbox', filter])
})

test('each relaxation is warned of once, by what QEMU gains', () => {
  expect(relaxationWarnings([])).toEqual([])
  expect(relaxationWarnings(['spawn', 'no-new-privs', 'spawn'])).toEqual([
    'Relaxed: QEMU may start programs (spawn)',
    'Relaxed: QEMU may get further privileges, such as those of a setuid program, until its filter is in force ' +
      '(no-new-privs)',
  ])
})

afterEach(() => {
  vi.unstubAllEnvs()
})

/** A program that prints something when it is asked for help, and a cache that knows nothing. */
async function qemuThatSays(script: string): Promise<{program: string; cache: ProgramCache; asked: string}> {
  const directory = await temporaryDirectory()
  const asked = join(directory, 'asked')
  const program = await writeProgram(directory, 'qemu', `echo "$@" >>'${asked}'\n${script}`)
  return {program, cache: new ProgramCache(join(directory, 'cache')), asked}
}

const modern = 'echo "          [,exit-with-parent=on|off][,user=username|uid:gid]"'

test('of a real QEMU it tells what its help does', async () => {
  const program = await findProgram(x86_64.program, x86_64.packages)
  const help = execFileSync(program, ['-help'], {encoding: 'utf8'})
  const cache = new ProgramCache(join(await temporaryDirectory(), 'cache'))
  expect(await offersExitWithParent(program, cache)).toBe(help.includes('exit-with-parent'))
})

test.each([
  ['names it', modern, true],
  ['names other options', 'echo "-run-with [async-teardown=on|off]"', false],
])('a QEMU whose help %s is asked once', async (_, script, offered) => {
  const {program, cache, asked} = await qemuThatSays(script)
  expect(await offersExitWithParent(program, cache)).toBe(offered)
  expect(await offersExitWithParent(program, cache)).toBe(offered)
  expect(await readFile(asked, 'utf8')).toBe('-help\n')
})

test('one that fails, or is not there, does not have it, and is asked again', async () => {
  const {program, cache, asked} = await qemuThatSays(`${modern}\nexit 1`)
  expect(await offersExitWithParent(program, cache)).toBe(false)
  expect(await offersExitWithParent(program, cache)).toBe(false)
  expect(await readFile(asked, 'utf8')).toBe('-help\n-help\n')
  expect(await offersExitWithParent('/proc/nonexistent/qemu', cache)).toBe(false)
})

test('where there is no setpriv, QEMU is told to end with its parent if it can', async () => {
  vi.stubEnv('PATH', '/proc/nonexistent')
  const {program, cache} = await qemuThatSays(modern)
  expect(await exitWithParentArguments(program, cache)).toEqual(['-run-with', 'exit-with-parent=on'])
  const old = await qemuThatSays('')
  expect(await exitWithParentArguments(old.program, old.cache)).toEqual([])
})

test('where there is setpriv, its SIGKILL is not replaced by a SIGTERM', async () => {
  const directory = await temporaryDirectory()
  await writeProgram(directory, 'setpriv', '')
  vi.stubEnv('PATH', directory)
  const {program, cache} = await qemuThatSays(modern)
  const expected = process.platform === 'linux' ? [] : ['-run-with', 'exit-with-parent=on']
  expect(await exitWithParentArguments(program, cache)).toEqual(expected)
})
