import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {examineSandbox} from '../../src/doctor/sandbox.js'
import {aarch64} from '../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {type Command, confinement} from '../../src/qemu/fence/confine.js'
import {findProgram} from '../../src/qemu/programs/find-program.js'
import {writeProgram} from '../executables.js'
import {temporaryDirectory} from '../temporary-directory.js'

const isLinux = process.platform === 'linux'

test.each([x86_64, aarch64])('a real QEMU for $name starts with its filter', async architecture => {
  const program = await findProgram(architecture.program, architecture.packages)
  expect(await examineSandbox({architecture, program, confine: await confinement()})).toMatchObject({
    check: 'sandbox',
    subject: architecture.name,
    state: isLinux ? 'good' : 'poor',
  })
})

test.each([
  [[], 'spawn=deny'],
  [['spawn'], 'spawn=allow'],
] as const)('it is started as a run starts it, with the same filter, relaxed by %j', async (relax, spawn) => {
  const directory = await temporaryDirectory()
  const said = join(directory, 'said')
  const program = await writeProgram(directory, 'qemu', `echo "$CONFINED $@" >'${said}'`)
  const confine = (command: Command): Command => ['/usr/bin/env', 'CONFINED=yes', ...command]
  await examineSandbox({architecture: x86_64, program, confine, relax})
  const filter = `on,obsolete=deny,elevateprivileges=deny,${spawn},resourcecontrol=deny`
  const line = await readFile(said, 'utf8')
  expect(line).toMatch(/^yes /u)
  expect(line.includes(`-sandbox ${filter}`)).toBe(isLinux)
})

test.each([
  ["qemu: -sandbox on: There is no option group 'sandbox'", true],
  ['qemu: failed to install seccomp syscall filter in the kernel: Operation not permitted', true],
  ['error while loading shared libraries: libslirp.so.0', false],
])('a QEMU that says %s does not run guests', async (complaint, isFilter) => {
  const program = await writeProgram(await temporaryDirectory(), 'qemu', `echo "${complaint}" >&2; exit 1`)
  const finding = await examineSandbox({architecture: x86_64, program, confine: command => command})
  expect(finding).toMatchObject({
    state: 'missing',
    message: `QEMU does not start as it should: ${complaint}`,
  })
  expect(finding.hint?.includes('seccomp')).toBe(isFilter ? true : undefined)
})
