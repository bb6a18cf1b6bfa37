import {execFile} from 'node:child_process'
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {expect, test} from 'vitest'
import {Command} from '../../e2e/command.js'
import {Host} from '../../e2e/host.js'
import {scriptWithOwnMounts} from '../../e2e/wrappers.js'

/** A host whose user has a home, and no cache yet. */
class Home {
  readonly host: Host

  constructor(host: Host) {
    this.host = host
  }

  static async make(): Promise<Home> {
    const host = await Host.with({name: 'vm-1'})
    await mkdir(host.path('home'))
    host.environment['HOME'] = host.path('home')
    host.environment['VMRUN_CACHE_DIR'] = undefined
    return new Home(host)
  }

  get code(): string {
    return this.host.path('home', '.cache', 'vmrun', 'code')
  }

  /** What is kept for `vmrun --version`, which each test calls. */
  async file(): Promise<string> {
    expect(await readdir(this.code)).toEqual(['other.code'])
    return path.join(this.code, 'other.code')
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
  const file = await home.file()
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(home.code)).mode & 0o777).toBe(0o700)
  const kept = await identity(file)
  await home.version()
  expect(await identity(file)).toBe(kept)
})

test('commands have files of their own, as they call other functions', async () => {
  const home = await Home.make()
  await home.version()
  await home.host.vmrun('list')
  await home.host.vmrun('run', 'vm-1', '--dry-run')
  await home.host.vmrun('validate', '--help')
  expect((await readdir(home.code)).toSorted()).toEqual(
    ['dry-run', 'help', 'list', 'other'].map(name => `${name}.code`),
  )
})

test('what came to nothing is not kept, as hardly any function was called', async () => {
  const home = await Home.make()
  home.host.environment['VMRUN_CACHE_DIR'] = undefined
  await home.host.vmrun('nosuch')
  await home.host.vmrun('run', 'vm-1', '--nosuch')
  expect(await readdir(home.host.path('home'))).toEqual([])
})

test('a file that is damaged anywhere, or not written to its end, is not used, and made anew', async () => {
  const home = await Home.make()
  await home.version()
  const file = await home.file()
  const whole = await readFile(file)
  for (const share of [0, 0.001, 0.3, 0.6, 0.999]) {
    const damaged = Buffer.from(whole)
    const at = Math.floor(damaged.length * share)
    damaged.fill(0x55, at, at + 64)
    await writeFile(file, damaged)
    await home.version()
    expect((await readFile(file)).equals(damaged)).toBe(false)
  }

  for (const length of [0, 1000, whole.length - 1]) {
    await writeFile(file, whole.subarray(0, length))
    await home.version()
    expect((await stat(file)).size).toBeGreaterThan(1000)
  }

  // Nor is a pipe waited for.
  await rm(file)
  await promisify(execFile)('mkfifo', [file])
  await home.version()
  expect((await stat(file)).isFile()).toBe(true)
})

test('a file that others could have written is not used', async () => {
  const home = await Home.make()
  await home.version()
  const file = await home.file()
  await chmod(file, 0o666)
  const planted = await identity(file)
  await home.version()
  expect(await identity(file)).not.toBe(planted)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
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

test('a link of the user’s own is followed, to another disk for one, and nobody else’s', async () => {
  const home = await Home.make()
  await mkdir(home.host.path('elsewhere'))
  await mkdir(path.dirname(home.code), {recursive: true})
  await symlink(home.host.path('elsewhere'), home.code)
  await home.version()
  expect(await readdir(home.host.path('elsewhere'))).toHaveLength(1)
  await chmod(home.host.path('elsewhere'), 0o777)
  await home.host.vmrun('list')
  expect(await readdir(home.host.path('elsewhere'))).toHaveLength(1)
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

test.runIf(process.platform === 'linux')('a disk that is full keeps nothing, and no part of it', async () => {
  const home = await Home.make()
  const script = `mount -t tmpfs -o size=200k,mode=700 none "$HOME" && "$@" && find "$HOME" -type f | wc -l`
  const {stdout, stderr} = await home.host.startUnder(scriptWithOwnMounts(script), '--version').ended
  expect(stdout).toMatch(/^vmrun\/.*\n0\n$/u)
  expect(stderr).toBe('')
})

test('another vmrun, one whose code was changed, and other options of Node do not use it', async () => {
  const home = await Home.make()
  await home.version()
  const file = await home.file()
  const kept = await identity(file)
  home.host.environment['NODE_OPTIONS'] = '--stack-trace-limit=11'
  await home.version()
  expect(await identity(file)).not.toBe(kept)
  const tree = new URL('../../..', import.meta.url).pathname
  for (const name of ['bin/run.js', 'bin/package.json', 'dist/boot.cjs', 'dist/vmrun.cjs', 'package.json']) {
    await mkdir(path.dirname(home.host.path('other', name)), {recursive: true})
    await copyFile(path.join(tree, name), home.host.path('other', name))
  }

  const {environment, directory} = home.host
  const code = home.host.path('other/dist/vmrun.cjs')
  const copy = async (): Promise<string> => {
    const words = [home.host.path('other/bin/run.js'), '--version']
    return (await new Command(process.execPath, words, environment, directory).ended).stdout
  }
  expect(await copy()).toMatch(/^vmrun\/\d/u)
  await writeFile(code, (await readFile(code, 'latin1')).replaceAll('node-${', 'NODE-${'), 'latin1')
  expect(await copy()).toContain(' NODE-v')
})
