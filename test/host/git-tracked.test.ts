import {execFileSync} from 'node:child_process'
import {access, mkdir, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {isTrackedByGit} from '../../src/host/git-tracked.js'
import {temporaryDirectory} from '../temporary-directory.js'

async function repository(...names: readonly string[]): Promise<string> {
  const directory = await temporaryDirectory()
  execFileSync('git', ['init', '--quiet', directory])
  for (const name of names) {
    await writeFile(path.join(directory, name), '[]')
  }
  return directory
}

function add(directory: string, ...names: readonly string[]): void {
  execFileSync('git', ['--literal-pathspecs', '-C', directory, 'add', '--', ...names])
}

test('a file is tracked from when it is staged', async () => {
  const directory = await repository('instances.json')
  const file = path.join(directory, 'instances.json')
  expect(await isTrackedByGit(file)).toBe(false)
  add(directory, 'instances.json')
  expect(await isTrackedByGit(file)).toBe(true)
  expect(await isTrackedByGit(path.relative(process.cwd(), file))).toBe(true)
})

test.each([':(top)a.json', '*.json', '-a.json', 'ä "b\n.json'])(
  'a file called %j is one like any other',
  async name => {
    const directory = await repository(name, 'other.json')
    add(directory, 'other.json')
    expect(await isTrackedByGit(path.join(directory, name))).toBe(false)
    add(directory, name)
    expect(await isTrackedByGit(path.join(directory, name))).toBe(true)
  },
)

test('outside a repository, of a file that is ignored, and where there is no directory, nothing is tracked', async () => {
  const directory = await repository('ignored.json')
  await writeFile(path.join(directory, '.gitignore'), 'ignored.json\n')
  expect(await isTrackedByGit(path.join(directory, 'ignored.json'))).toBe(false)
  expect(await isTrackedByGit(path.join(await temporaryDirectory(), 'a.json'))).toBe(false)
  expect(await isTrackedByGit('/proc/nonexistent/a.json')).toBe(false)
})

test('a hook’s variables about another repository change nothing, and no program that a repository names is run', async () => {
  const directory = await repository('a.json')
  add(directory, 'a.json')
  const trap = path.join(directory, 'trap')
  await writeFile(trap, `#!/bin/sh\ntouch ${path.join(directory, 'sprung')}\n`, {mode: 0o755})
  execFileSync('git', ['-C', directory, 'config', 'core.fsmonitor', trap])
  const other = await repository()
  process.env['GIT_DIR'] = path.join(other, '.git')
  try {
    expect(await isTrackedByGit(path.join(directory, 'a.json'))).toBe(true)
  } finally {
    delete process.env['GIT_DIR']
  }
  await expect(access(path.join(directory, 'sprung'))).rejects.toThrow('ENOENT')
})

test.runIf(process.getuid?.() === 0)(
  'a repository that is somebody else’s is looked at all the same',
  async () => {
    const directory = await repository('a.json')
    add(directory, 'a.json')
    execFileSync('chown', ['-R', '65500', directory])
    expect(await isTrackedByGit(path.join(directory, 'a.json'))).toBe(true)
  },
)

test('a link to a tracked file is one', async () => {
  const directory = await repository('a.json')
  add(directory, 'a.json')
  const link = path.join(await temporaryDirectory(), 'link.json')
  await symlink(path.join(directory, 'a.json'), link)
  expect(await isTrackedByGit(link)).toBe(true)
})

test('a file that is reached by a link to its directory is tracked', async () => {
  const directory = await repository()
  await mkdir(path.join(directory, 'ci'))
  await writeFile(path.join(directory, 'ci', 'a.json'), '[]')
  await symlink('ci', path.join(directory, 'link'))
  add(directory, 'ci/a.json')
  expect(await isTrackedByGit(path.join(directory, 'link', 'a.json'))).toBe(true)
})
