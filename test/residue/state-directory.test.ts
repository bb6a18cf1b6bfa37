import {chmod, chown, mkdir, readdir, stat, symlink, writeFile} from 'node:fs/promises'
import {hostname} from 'node:os'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {findStateDirectory, stateDirectory} from '../../src/residue/state-directory.js'
import {temporaryDirectory} from '../temporary-directory.js'

const isRoot = process.getuid?.() === 0
const nobody = 65_534

function pathFor(environment: NodeJS.ProcessEnv): string {
  return findStateDirectory(environment).path
}

/** A directory that belongs to somebody else, as only root can make one. */
async function foreignDirectory(): Promise<string> {
  const directory = path.join(await temporaryDirectory(), 'foreign')
  await mkdir(directory)
  await chown(directory, nobody, nobody)
  return directory
}

function onlyRootCanMake<Row>(...rows: readonly Row[]): readonly Row[] {
  return isRoot ? rows : []
}

describe('where it is', () => {
  test('VMRUN_STATE_DIR names it, before anything else', async () => {
    const directory = await temporaryDirectory()
    const environment = {VMRUN_STATE_DIR: path.join(directory, 'state'), XDG_RUNTIME_DIR: directory}
    expect(pathFor(environment)).toBe(path.join(directory, 'state'))
  })

  test('a relative VMRUN_STATE_DIR is relative to the working directory', async () => {
    expect(pathFor({VMRUN_STATE_DIR: 'nonexistent'})).toBe(path.resolve('nonexistent'))
    // Where it leads is for the kernel to say.
    expect(pathFor({VMRUN_STATE_DIR: 'src/../none'})).toBe(`${process.cwd()}/src/../none`)
  })

  test('it is in XDG_RUNTIME_DIR', async () => {
    const directory = await temporaryDirectory()
    expect(pathFor({XDG_RUNTIME_DIR: directory, VMRUN_STATE_DIR: ''})).toBe(path.join(directory, 'vmrun'))
  })

  test.each<[string, () => Promise<string>]>([
    ...onlyRootCanMake<[string, () => Promise<string>]>(['of another user, as after sudo', foreignDirectory]),
    ['that is gone', async () => '/proc/nonexistent'],
    ['that is relative', async () => 'src'],
    ['that is empty', async () => ''],
  ])('an XDG_RUNTIME_DIR %s has no say', async (_, runtime) => {
    const environment = {HOME: await temporaryDirectory()}
    expect(pathFor({...environment, XDG_RUNTIME_DIR: await runtime()})).toBe(pathFor(environment))
  })

  test('without these it is in /run for root, and in the home for everybody else, with the host’s name', async () => {
    // Hosts may share a home.
    const home = await temporaryDirectory()
    const [rootly, inHome] = ['/run/vmrun', path.join(home, '.local', 'state', 'vmrun', hostname())]
    expect(pathFor({HOME: home})).toBe(isRoot ? rootly : inHome)
    expect(pathFor({HOME: home, XDG_STATE_HOME: 'relative'})).toBe(isRoot ? rootly : inHome)
    const inState = path.join(home, 'vmrun', hostname())
    expect(pathFor({HOME: '/proc/nonexistent', XDG_STATE_HOME: home})).toBe(isRoot ? rootly : inState)
  })
})

describe('making it', () => {
  test('it is made with all above it, and is its user’s alone', async () => {
    const parent = await temporaryDirectory()
    const directory = path.join(parent, 'a', 'b')
    expect(stateDirectory({VMRUN_STATE_DIR: directory})).toBe(directory)
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
  })

  test('several vmruns may make it at once', async () => {
    const environment = {VMRUN_STATE_DIR: path.join(await temporaryDirectory(), 'a', 'b')}
    const made = await Promise.all([1, 2, 3, 4].map(async () => stateDirectory(environment)))
    expect(new Set(made)).toEqual(new Set([environment.VMRUN_STATE_DIR]))
  })

  test('what is there already stays as it is', async () => {
    const directory = await temporaryDirectory()
    await chmod(directory, 0o755)
    await writeFile(path.join(directory, 'file'), '')
    expect(stateDirectory({VMRUN_STATE_DIR: directory})).toBe(directory)
    expect(await readdir(directory)).toEqual(['file'])
    expect((await stat(directory)).mode & 0o777).toBe(0o755)
  })

  test('looking for it makes nothing, and tells whether it is there', async () => {
    const parent = await temporaryDirectory()
    const directory = path.join(parent, 'state')
    expect(findStateDirectory({VMRUN_STATE_DIR: directory})).toEqual({path: directory, exists: false})
    expect(await readdir(parent)).toEqual([])
    stateDirectory({VMRUN_STATE_DIR: directory})
    expect(findStateDirectory({VMRUN_STATE_DIR: directory})).toEqual({path: directory, exists: true})
  })

  test('one’s own link to one’s own directory is followed', async () => {
    const parent = await temporaryDirectory()
    const link = path.join(parent, 'link')
    await mkdir(path.join(parent, 'state'))
    await symlink('state', link)
    expect(stateDirectory({VMRUN_STATE_DIR: link})).toBe(path.join(parent, 'state'))
  })
})

describe('what is refused', () => {
  test.each<[string, () => Promise<string>, string]>([
    ...onlyRootCanMake<[string, () => Promise<string>, string]>(
      ['a directory of another user', foreignDirectory, 'belongs to another user'],
      ['a place in one', async () => path.join(await foreignDirectory(), 'state'), 'belongs to another user'],
    ),
    [
      'a file',
      async () => {
        const file = path.join(await temporaryDirectory(), 'file')
        await writeFile(file, '')
        return file
      },
      'is not a directory',
    ],
    [
      'a link to nowhere',
      async () => {
        const link = path.join(await temporaryDirectory(), 'link')
        await symlink('/proc/nonexistent', link)
        return link
      },
      'is a link to nothing',
    ],
  ])('%s', async (_, make, what) => {
    const directory = await make()
    for (const ask of [stateDirectory, findStateDirectory]) {
      expect(() => ask({VMRUN_STATE_DIR: directory})).toThrow(
        expect.objectContaining({
          name: 'UsageError',
          message: expect.stringMatching(new RegExp(`^the state directory ${directory} .*${what}`, 'u')),
          hint: expect.stringContaining('VMRUN_STATE_DIR'),
        }),
      )
    }
  })

  test('a place below a file', () => {
    const directory = path.join(import.meta.filename, 'state')
    for (const ask of [stateDirectory, findStateDirectory]) {
      expect(() => ask({VMRUN_STATE_DIR: directory})).toThrow(
        expect.objectContaining({
          name: 'HostError',
          message: expect.stringMatching(
            new RegExp(`^the state directory ${directory}: ${directory} cannot be looked at: ENOTDIR`, 'u'),
          ),
          hint: expect.stringContaining('VMRUN_STATE_DIR'),
        }),
      )
    }
  })

  test.each(['707', '777', '1777'])('one that others can write to: mode %s', async mode => {
    const directory = await temporaryDirectory()
    await chmod(directory, Number.parseInt(mode, 8))
    expect(() => stateDirectory({VMRUN_STATE_DIR: directory})).toThrow(
      expect.objectContaining({
        message: `the state directory ${directory} is not safe: ${directory} can be written to by other users`,
        hint: expect.stringContaining(`chmod go-w ${directory}`),
      }),
    )
  })

  test('one that cannot be made', async () => {
    // Nobody can make a directory there, not even root.
    expect(() => stateDirectory({VMRUN_STATE_DIR: '/proc/vmrun'})).toThrow(
      expect.objectContaining({
        name: 'HostError',
        message: expect.stringContaining('cannot make the state directory /proc/vmrun: ENOENT'),
        hint: expect.stringContaining('VMRUN_STATE_DIR'),
      }),
    )
  })
})
