import {expect, test, vi} from 'vitest'
import {
  exitWithParentArguments,
  relaxationWarnings,
  sandboxArguments,
} from '../../../src/qemu/fence/sandbox.js'
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

test('QEMU is told to end with its parent if it can, and where no setpriv sees to that better, as by SIGKILL', async () => {
  const modern = await writeProgram(await temporaryDirectory(), 'qemu', 'echo "[,exit-with-parent=on|off]"')
  const old = await writeProgram(await temporaryDirectory(), 'qemu', 'echo "[async-teardown=on|off]"')
  const broken = await writeProgram(await temporaryDirectory(), 'qemu', 'echo exit-with-parent; exit 1')
  const {signal} = new AbortController()
  const option = ['-run-with', 'exit-with-parent=on']
  vi.stubEnv('PATH', '/proc/nonexistent')
  expect(await exitWithParentArguments(modern, signal)).toEqual(option)
  for (const program of [old, broken, '/proc/nonexistent/qemu']) {
    expect(await exitWithParentArguments(program, signal)).toEqual([])
  }

  const directory = await temporaryDirectory()
  await writeProgram(directory, 'setpriv', '')
  vi.stubEnv('PATH', directory)
  expect(await exitWithParentArguments(modern, signal)).toEqual(isLinux ? [] : option)
})
