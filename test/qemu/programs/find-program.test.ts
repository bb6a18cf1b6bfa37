import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test, vi} from 'vitest'
import {askProgram, findFile, findProgram} from '../../../src/qemu/programs/find-program.js'
import {writeProgram} from '../../executables.js'
import {temporaryDirectory} from '../../temporary-directory.js'

const packages = {debian: 'deb-name', fedora: 'rpm-name', arch: 'arch-name', homebrew: 'brew-name'}
const hint = [
  'Install it:',
  '  Debian, Ubuntu    apt-get install deb-name',
  '  Fedora            dnf install rpm-name',
  '  Arch              pacman -S arch-name',
  '  macOS (Homebrew)  brew install brew-name',
].join('\n')

test('a program is found on the PATH; one that is missing is an error that names the package', async () => {
  const directory = await temporaryDirectory()
  const program = await writeProgram(directory, 'tool', '')
  vi.stubEnv('PATH', directory)
  expect(await findProgram('tool', packages)).toBe(program)
  const message = 'other-tool is not installed'
  await expect(findProgram('other-tool', packages)).rejects.toMatchObject({name: 'HostError', message, hint})
})

test('of several files the first that is there is found', async () => {
  const directory = await temporaryDirectory()
  const files = ['1', '2', '3'].map(name => join(directory, name))
  await Promise.all(files.slice(1).map(file => writeFile(file, '')))
  expect(await findFile('the firmware', files, packages)).toBe(files[1])
})

test('a file that is missing is an error that says where it was looked for, and names the package', async () => {
  await expect(
    findFile('the firmware', ['/proc/nonexistent/a', '/proc/nonexistent/b'], packages),
  ).rejects.toMatchObject({
    name: 'HostError',
    message: 'the firmware is not installed: none of /proc/nonexistent/a, /proc/nonexistent/b is there',
    hint,
  })
})

test('it gives what a program prints', async () => {
  expect(await askProgram(['/bin/echo', 'hello'])).toEqual({stdout: 'hello', failure: undefined})
})

test('a program that fails does so with the first line of what it says', async () => {
  const program = await writeProgram(
    await temporaryDirectory(),
    'qemu',
    'echo >&2; echo first >&2; echo second >&2; exit 3',
  )
  expect(await askProgram([program])).toMatchObject({failure: 'first'})
})

test.each([
  ['that fails without a word', '/bin/false', 'exit code 1'],
  ['that is not there', '/proc/nonexistent/qemu', 'ENOENT'],
])('a program %s is a failure that names it', async (_, program, why) => {
  const {failure} = await askProgram([program])
  expect(failure).toContain(program)
  expect(failure).toContain(why)
})

test('it is given up when it is to be', async () => {
  const {failure} = await askProgram(['/bin/sleep', '1000'], AbortSignal.timeout(100))
  expect(failure).toContain('sleep')
})

test('the program sees none of vmrun’s secrets', async () => {
  vi.stubEnv('RUNNER_TOKEN', 'secret')
  expect((await askProgram(['/usr/bin/env'])).stdout).not.toContain('secret')
})
