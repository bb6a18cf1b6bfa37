import {
  chmod,
  chown,
  copyFile,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {Command} from '../e2e/command.js'
import {Host} from '../e2e/host.js'

/** A host whose user has a home, and no cache yet. */
class Home {
  readonly host: Host

  constructor(host: Host) {
    this.host = host
  }

  static async make(): Promise<Home> {
    const host = await Host.with()
    await mkdir(host.path('home'))
    host.environment['HOME'] = host.path('home')
    return new Home(host)
  }

  get code(): string {
    return this.host.path('home', '.cache', 'vmrun', 'code')
  }

  /** What is kept for `vmrun --version`, which each test calls. */
  get file(): string {
    return path.join(this.code, `other-node${process.versions.node.split('.')[0]}`)
  }

  async version(): Promise<void> {
    this.host.environment['VMRUN_CACHE_DIR'] = undefined
    const {stdout, stderr, exitCode} = await this.host.vmrun('--version')
    expect(stdout).toMatch(/^vmrun\/\d/u)
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
  }
}

async function identity(file: string): Promise<string> {
  const {ino, mtimeNs} = await stat(file, {bigint: true})
  return `${ino} ${mtimeNs}`
}

test('what was compiled is kept for its user alone, and used by the next run', async () => {
  const home = await Home.make()
  await home.version()
  expect((await stat(home.file)).mode & 0o777).toBe(0o600)
  expect((await stat(home.code)).mode & 0o777).toBe(0o700)
  const kept = await identity(home.file)
  await home.version()
  expect(await identity(home.file)).toBe(kept)
})

test('commands have files of their own, as they call other functions', async () => {
  const home = await Home.make()
  await home.version()
  await home.host.vmrun('list')
  await home.host.vmrun('run', 'vm-1', '--dry-run')
  await home.host.vmrun('validate', '--help')
  await home.host.vmrun('nosuch')
  const [major] = process.versions.node.split('.')
  expect((await readdir(home.code)).toSorted()).toEqual(
    ['dry-run', 'help', 'list', 'other'].map(name => `${name}-node${major}`),
  )
})

test('a file that is damaged anywhere is not used, and made anew', async () => {
  const home = await Home.make()
  await home.version()
  const whole = await readFile(home.file)
  for (const share of [0, 0.001, 0.3, 0.6, 0.999]) {
    const damaged = Buffer.from(whole)
    const at = Math.floor(damaged.length * share)
    damaged.fill(0x55, at, at + 64)
    await writeFile(home.file, damaged)
    await home.version()
    expect((await readFile(home.file)).equals(damaged)).toBe(false)
  }

  await writeFile(home.file, '')
  await home.version()
  expect((await stat(home.file)).size).toBeGreaterThan(1000)
})

test('a file that others could have written is not used', async () => {
  const home = await Home.make()
  await home.version()
  await chmod(home.file, 0o666)
  const planted = await identity(home.file)
  await home.version()
  expect(await identity(home.file)).not.toBe(planted)
  expect((await stat(home.file)).mode & 0o777).toBe(0o600)
})

test.runIf(process.getuid?.() === 0)(
  'nothing is read or kept below a directory that is another user’s, as the home may be under sudo',
  async () => {
    const home = await Home.make()
    await mkdir(home.host.path('home', '.cache'))
    await chown(home.host.path('home', '.cache'), 1234, 1234)
    await home.version()
    expect(await readdir(home.host.path('home', '.cache'))).toEqual([])
    await mkdir(home.code, {recursive: true})
    await chown(home.code, 1234, 1234)
    await home.version()
    expect(await readdir(home.code)).toEqual([])
  },
)

test('nor behind a link', async () => {
  const home = await Home.make()
  await mkdir(home.host.path('elsewhere'))
  await mkdir(path.dirname(home.code), {recursive: true})
  await symlink(home.host.path('elsewhere'), home.code)
  await home.version()
  expect(await readdir(home.host.path('elsewhere'))).toEqual([])
})

test('nothing is kept where Node is told to keep nothing', async () => {
  const home = await Home.make()
  home.host.environment['NODE_DISABLE_COMPILE_CACHE'] = '1'
  await home.version()
  expect(await readdir(home.host.path('home'))).toEqual([])
})

test.each(['/proc', 'relative', ''])('a home such as %j is no obstacle', async name => {
  const home = await Home.make()
  home.host.environment['HOME'] = name
  home.host.environment['XDG_CACHE_HOME'] = name
  await home.version()
  expect(await readdir(home.host.directory)).not.toContain('relative')
})

test('a draft that somebody writes is left alone, and one that nobody finished is not', async () => {
  const home = await Home.make()
  const draft = `${home.file}.draft`
  await mkdir(home.code, {recursive: true, mode: 0o700})
  await writeFile(draft, 'begun')
  await home.version()
  expect(await readdir(home.code)).toEqual([path.basename(draft)])
  await utimes(draft, 0, 0)
  await home.version()
  expect(await readdir(home.code)).toEqual([path.basename(home.file)])
})

test('another vmrun does not use it', async () => {
  const home = await Home.make()
  await home.version()
  const kept = await identity(home.file)
  const tree = new URL('../..', import.meta.url).pathname
  for (const name of ['bin', 'dist']) {
    await mkdir(home.host.path('other', name), {recursive: true})
  }

  for (const name of ['bin/run.js', 'bin/package.json', 'dist/vmrun.cjs', 'package.json']) {
    await copyFile(path.join(tree, name), home.host.path('other', name))
  }

  const boot = await readFile(path.join(tree, 'dist/boot.cjs'), 'utf8')
  const otherBuild = boot.replace(/"[0-9a-f]{16}"|`[0-9a-f]{16} /u, found => found.replace(/[0-9a-f]/u, 'x'))
  expect(otherBuild).not.toBe(boot)
  await writeFile(home.host.path('other/dist/boot.cjs'), otherBuild)
  const words = [home.host.path('other/bin/run.js'), '--version']
  const {environment, directory} = home.host
  const {exitCode} = await new Command(process.execPath, words, environment, directory).ended
  expect(exitCode).toBe(0)
  expect(await identity(home.file)).not.toBe(kept)
})
