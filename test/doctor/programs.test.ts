import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {examineFirmware, examineQemu} from '../../src/doctor/programs.js'
import {aarch64} from '../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {writeProgram} from '../executables.js'
import {temporaryDirectory} from '../temporary-directory.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a program that is there', () => {
  test.each([x86_64, aarch64])('is told with its path and its version: $program', async architecture => {
    const {finding, program} = await examineQemu(architecture)
    expect(finding).toMatchObject({check: 'qemu', subject: architecture.name, state: 'good', path: program})
    expect(finding.message).toMatch(new RegExp(`^/.*/${architecture.program}, version \\d+\\.\\d+`, 'u'))
    expect(finding.message.startsWith(`${program},`)).toBe(true)
  })
})

describe('a program that is not there', () => {
  test.each([
    [x86_64.program, () => examineQemu(x86_64), x86_64.packages.debian],
    [aarch64.program, () => examineQemu(aarch64), aarch64.packages.debian],
  ])('is missing, and what to install is said: %s', async (name, examine, packageName) => {
    vi.stubEnv('PATH', '/proc/nonexistent')
    const {finding, program} = await examine()
    expect(program).toBeUndefined()
    expect(finding).toMatchObject({state: 'missing', message: `${name} is not installed`})
    expect(finding.hint).toContain(`apt-get install ${packageName}`)
  })
})

test('a program that does not work is not to be used', async () => {
  const directory = await temporaryDirectory()
  await writeProgram(directory, x86_64.program, 'exit 1')
  vi.stubEnv('PATH', directory)
  const {finding, program} = await examineQemu(x86_64)
  expect(finding.state).toBe('missing')
  expect(program).toBeUndefined()
})

describe('firmware', () => {
  const packages = {debian: 'firmware-deb', fedora: 'a', arch: 'b', homebrew: 'c'}

  test('that is there is told with its path', async () => {
    const file = join(await temporaryDirectory(), 'code.fd')
    await writeFile(file, '')
    const architecture = {...aarch64, firmware: {paths: ['/proc/nonexistent/fd', file], packages}}
    expect(await examineFirmware(architecture)).toEqual({
      check: 'firmware',
      subject: 'aarch64',
      state: 'good',
      message: file,
      path: file,
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
