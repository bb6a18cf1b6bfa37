import {chmod, mkdir, realpath, symlink, writeFile} from 'node:fs/promises'
import {delimiter, join} from 'node:path'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {HostError} from '../../../src/errors/errors.js'
import {findFile, findProgram, installHint} from '../../../src/qemu/programs/find-program.js'
import {temporaryDirectory} from '../../temporary-directory.js'

const packages = {debian: 'deb-name', fedora: 'rpm-name', arch: 'arch-name', homebrew: 'brew-name'}
const hint = [
  'Install it:',
  '  Debian, Ubuntu    apt-get install deb-name',
  '  Fedora            dnf install rpm-name',
  '  Arch              pacman -S arch-name',
  '  macOS (Homebrew)  brew install brew-name',
].join('\n')

afterEach(() => {
  vi.unstubAllEnvs()
})

test('the package is named for every system that most people have', () => {
  expect(installHint(packages).join('\n')).toBe(hint)
})

describe('a program', () => {
  /** A directory with a program of this name, which is on the PATH after all the other directories. */
  async function programOnPath(name: string, before: readonly string[] = []): Promise<string> {
    const directory = await realpath(await temporaryDirectory())
    const program = join(directory, name)
    await writeFile(program, '#!/bin/sh\n')
    await chmod(program, 0o755)
    vi.stubEnv('PATH', [...before, directory].join(delimiter))
    return program
  }

  test('is found on the PATH', async () => {
    const program = await programOnPath('tool')
    expect(await findProgram('tool', packages)).toBe(program)
  })

  test('is what the PATH has, be it a link: some programs go by the name they are called', async () => {
    const directory = await temporaryDirectory()
    const program = await programOnPath('tool', [directory])
    await symlink(program, join(directory, 'linked'))
    expect(await findProgram('linked', packages)).toBe(join(directory, 'linked'))
  })

  test('is not a directory, and not a file that cannot be executed', async () => {
    const [withDirectory, withFile] = [await temporaryDirectory(), await temporaryDirectory()]
    await mkdir(join(withDirectory, 'tool'))
    await writeFile(join(withFile, 'tool'), '')
    const program = await programOnPath('tool', ['/proc/nonexistent', withDirectory, withFile])
    expect(await findProgram('tool', packages)).toBe(program)
  })

  test.each(['', '.', 'bin'])(
    'is never looked for in the working directory, not even for %j on the PATH',
    async relative => {
      vi.stubEnv('PATH', relative)
      await expect(findProgram('package.json', packages)).rejects.toThrow(HostError)
    },
  )

  test.each(['/proc/nonexistent', undefined])(
    'that is missing is an error that names the package, with the PATH %s',
    async path => {
      vi.stubEnv('PATH', path)
      await expect(findProgram('tool', packages)).rejects.toMatchObject({
        name: 'HostError',
        message: 'tool is not installed',
        hint,
      })
    },
  )
})

describe('a file', () => {
  test('is the first that is there', async () => {
    const directory = await temporaryDirectory()
    const [first, second, third] = ['1', '2', '3'].map(name => join(directory, name))
    await writeFile(String(second), '')
    await writeFile(String(third), '')
    expect(await findFile('the firmware', [String(first), String(second), String(third)], packages)).toBe(
      second,
    )
  })

  test('that is missing is an error that says where it was looked for, and names the package', async () => {
    await expect(
      findFile('the firmware', ['/proc/nonexistent/a', '/proc/nonexistent/b'], packages),
    ).rejects.toMatchObject({
      name: 'HostError',
      message: 'the firmware is not installed: none of /proc/nonexistent/a, /proc/nonexistent/b is there',
      hint,
    })
  })
})
