import {expect, test} from 'vitest'
import {relaxationWarnings, sandboxArguments} from '../../../src/qemu/fence/sandbox.js'

const isLinux = process.platform === 'linux'

test.runIf(isLinux)('QEMU can start no program and raise no privilege', () => {
  expect(sandboxArguments()).toEqual([
    '-sandbox',
    'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny',
  ])
})

test.runIf(isLinux).each([
  ['obsolete', 'on,obsolete=allow,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
  ['elevateprivileges', 'on,obsolete=deny,elevateprivileges=allow,spawn=deny,resourcecontrol=deny'],
  ['spawn', 'on,obsolete=deny,elevateprivileges=deny,spawn=allow,resourcecontrol=deny'],
  ['resourcecontrol', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=allow'],
  ['no-new-privs', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
] as const)('relaxing %s leaves the rest of the filter as it is', (relaxation, filter) => {
  expect(sandboxArguments([relaxation])).toEqual(['-sandbox', filter])
})

test('nothing is warned of that is not relaxed', () => {
  expect(relaxationWarnings([])).toEqual([])
})

test('each relaxation is warned of once, by what QEMU gains', () => {
  expect(relaxationWarnings(['spawn', 'no-new-privs', 'spawn'])).toEqual([
    'Relaxed: QEMU may start programs (spawn)',
    'Relaxed: QEMU may get further privileges, such as those of a setuid program, until its filter is in force ' +
      '(no-new-privs)',
  ])
})
