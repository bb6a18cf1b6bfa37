import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test, vi} from 'vitest'
import {examineFirmware, examineQemu} from '../../src/doctor/programs.js'
import {aarch64} from '../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {writeProgram} from '../executables.js'
import {temporaryDirectory} from '../temporary-directory.js'

describe.each([x86_64, aarch64])('the QEMU for $name', architecture => {
  test('that is there is told with its path and its version', async () => {
    const finding = await examineQemu(architecture)
    expect(finding).toMatchObject({check: 'qemu', subject: architecture.name, state: 'good'})
    expect(finding.message).toMatch(new RegExp(`^/.*/${architecture.program}, version \\d+\\.\\d+`, 'u'))
    expect(finding.message).toBe(`${finding.path}, version ${finding.version}`)
  })

  test('that is not there is missing, and what to install is said', async () => {
    vi.stubEnv('PATH', '/proc/nonexistent')
    expect(await examineQemu(architecture)).toEqual({
      ...{check: 'qemu', subject: architecture.name, state: 'missing'},
      message: `${architecture.program} is not installed`,
      hint: expect.stringContaining(`apt-get install ${architecture.packages.debian}`),
    })
  })
})

const old = 'echo "QEMU emulator version 5.10.0"'
test.each([
  ['works is good', 'echo "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)"', 'good', 'version 7.2.22'],
  [
    'is built by somebody is good',
    'echo "QEMU emulator version 10.1.50 (v10.1.0-7)"',
    'good',
    'version 10.1.50',
  ],
  ['is as old as it may be is good', 'echo "QEMU emulator version 6.2.0"', 'good', 'version 6.2.0'],
  [
    'is just too old does not count',
    'echo "QEMU emulator version 6.1.1"',
    'missing',
    'version 6.1.1, is too old',
  ],
  ['is too old does not count', old, 'missing', 'version 5.10.0, is too old'],
  ['cannot run does not count', 'echo "libaio: not found" >&2; exit 127', 'missing', 'libaio: not found'],
  ['prints something else does not count', 'echo hello', 'missing', 'it does not tell its version'],
])('a QEMU that %s', async (_, script, state, text) => {
  const directory = await temporaryDirectory()
  const program = await writeProgram(directory, x86_64.program, script)
  vi.stubEnv('PATH', directory)
  const found = await examineQemu(x86_64)
  expect(found).toMatchObject({state, path: program})
  expect(found.message).toContain(program)
  expect(found.message).toContain(text)
  expect(found.hint === undefined).toBe(state === 'good')
})

describe('firmware', () => {
  const packages = {debian: 'firmware-deb', fedora: 'a', arch: 'b', homebrew: 'c'}

  test('that is there is told with its path', async () => {
    const file = join(await temporaryDirectory(), 'code.fd')
    await writeFile(file, '')
    const architecture = {...aarch64, firmware: {paths: ['/proc/nonexistent/fd', file], packages}}
    expect(await examineFirmware(architecture)).toEqual({
      ...{check: 'firmware', subject: 'aarch64', state: 'good', message: file, path: file},
    })
  })

  test('that is not there is missing, and what to install is said', async () => {
    const architecture = {...aarch64, firmware: {paths: ['/proc/nonexistent/fd'], packages}}
    expect(await examineFirmware(architecture)).toMatchObject({
      state: 'missing',
      message: expect.stringContaining('/proc/nonexistent/fd'),
      hint: expect.stringContaining('apt-get install firmware-deb'),
    })
  })

  test('that QEMU brings along is not looked for', async () => {
    expect(await examineFirmware(x86_64)).toBeUndefined()
  })
})
