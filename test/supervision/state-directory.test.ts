import {chmod, chown, lchown, mkdir, readdir, stat, symlink, writeFile} from 'node:fs/promises'
import {hostname} from 'node:os'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {findStateDirectory, stateDirectory} from '../../src/supervision/state-directory.js'
import {temporaryDirectory} from '../temporary-directory.js'

const isRoot = process.getuid?.() === 0
const nobody = 65_534

async function pathFor(environment: NodeJS.ProcessEnv): Promise<string> {
  return (await findStateDirectory(environment)).path
}

/** A directory that belongs to somebody else. */
async function foreignDirectory(): Promise<string> {
  const directory = path.join(await temporaryDirectory(), 'foreign')
  await mkdir(directory)
  if (isRoot) {
    await chown(directory, nobody, nobody)
  }

  return isRoot ? directory : '/'
}

/** A link of somebody else. */
async function foreignLink(): Promise<string> {
  const directory = await temporaryDirectory()
  const link = path.join(directory, 'link')
  await symlink(directory, link)
  if (isRoot) {
    await lchown(link, nobody, nobody)
  }

  return isRoot ? link : '/proc/self'
}

describe('where it is', () => {
  test('VMRUN_STATE_DIR names it, before anything else', async () => {
    const directory = await temporaryDirectory()
    const environment = {VMRUN_STATE_DIR: path.join(directory, 'state'), XDG_RUNTIME_DIR: directory}
    expect(await pathFor(environment)).toBe(path.join(directory, 'state'))
  })

  test('a relative VMRUN_STATE_DIR is relative to the working directory', async () => {
    expect(await pathFor({VMRUN_STATE_DIR: 'nonexistent'})).toBe(path.resolve('nonexistent'))
    // Where it leads is for the kernel to say.
    expect(await pathFor({VMRUN_STATE_DIR: 'src/../none'})).toBe(`${process.cwd()}/src/../none`)
  })

  test('it is in XDG_RUNTIME_DIR', async () => {
    const directory = await temporaryDirectory()
    expect(await pathFor({XDG_RUNTIME_DIR: directory, VMRUN_STATE_DIR: ''})).toBe(
      path.join(directory, 'vmrun'),
    )
  })

  test.each([
    ['of another user, as after sudo', foreignDirectory],
    ['that is gone', async () => '/proc/nonexistent'],
    ['that is relative', async () => 'src'],
    ['that is empty', async () => ''],
  ])('an XDG_RUNTIME_DIR %s has no say', async (_, runtime) => {
    const environment = {HOME: await temporaryDirectory()}
    expect(await pathFor({...environment, XDG_RUNTIME_DIR: await runtime()})).toBe(await pathFor(environment))
  })

  test('without these it is in /run for root, and in the home for everybody else, with the host’s name', async () => {
    // Hosts may share a home.
    const home = await temporaryDirectory()
    const [rootly, inHome] = ['/run/vmrun', path.join(home, '.local', 'state', 'vmrun', hostname())]
    expect(await pathFor({HOME: home})).toBe(isRoot ? rootly : inHome)
    expect(await pathFor({HOME: home, XDG_STATE_HOME: 'relative'})).toBe(isRoot ? rootly : inHome)
    const inState = path.join(home, 'vmrun', hostname())
    expect(await pathFor({HOME: '/proc/nonexistent', XDG_STATE_HOME: home})).toBe(isRoot ? rootly : inState)
  })
})

describe('making it', () => {
  test('it is made with all above it, and is its user’s alone', async () => {
    const parent = await temporaryDirectory()
    const directory = path.join(parent, 'a', 'b')
    expect(await stateDirectory({VMRUN_STATE_DIR: directory})).toBe(directory)
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
  })

  test('several vmruns may make it at once', async () => {
    const environment = {VMRUN_STATE_DIR: path.join(await temporaryDirectory(), 'a', 'b')}
    const made = await Promise.all([1, 2, 3, 4].map(() => stateDirectory(environment)))
    expect(new Set(made)).toEqual(new Set([environment.VMRUN_STATE_DIR]))
  })

  test('what is there already stays as it is', async () => {
    const directory = await temporaryDirectory()
    await chmod(directory, 0o755)
    await writeFile(path.join(directory, 'file'), '')
    expect(await stateDirectory({VMRUN_STATE_DIR: directory})).toBe(directory)
    expect(await readdir(directory)).toEqual(['file'])
    expect((await stat(directory)).mode & 0o777).toBe(0o755)
  })

  test('looking for it makes nothing, and tells whether it is there', async () => {
    const parent = await temporaryDirectory()
    const directory = path.join(parent, 'state')
    expect(await findStateDirectory({VMRUN_STATE_DIR: directory})).toEqual({path: directory, exists: false})
    expect(await readdir(parent)).toEqual([])
    await stateDirectory({VMRUN_STATE_DIR: directory})
    expect(await findStateDirectory({VMRUN_STATE_DIR: directory})).toEqual({path: directory, exists: true})
  })

  test('one’s own link to one’s own directory is followed', async () => {
    const parent = await temporaryDirectory()
    const link = path.join(parent, 'link')
    await mkdir(path.join(parent, 'state'))
    await symlink('state', link)
    expect(await stateDirectory({VMRUN_STATE_DIR: link})).toBe(path.join(parent, 'state'))
  })
})

describe('what is refused', () => {
  test.each<[string, () => Promise<string>, string]>([
    ['a directory of another user', foreignDirectory, 'belongs to another user'],
    ['a link of another user', foreignLink, 'is a symbolic link of another user'],
    [
      'a link to a directory of another user',
      async () => {
        const link = path.join(await temporaryDirectory(), 'link')
        await symlink(await foreignDirectory(), link)
        return link
      },
      'which belongs to another user',
    ],
    [
      'a file',
      async () => {
        const file = path.join(await temporaryDirectory(), 'file')
        await writeFile(file, '')
        return file
      },
      'is not a directory',
    ],
    ['a place below a file', async () => path.join(import.meta.filename, 'state'), 'ENOTDIR'],
    [
      'a link to nowhere',
      async () => {
        const link = path.join(await temporaryDirectory(), 'link')
        await symlink('/proc/nonexistent', link)
        return link
      },
      'cannot be looked at',
    ],
  ])('%s', async (_, make, what) => {
    const directory = await make()
    for (const ask of [stateDirectory, findStateDirectory]) {
      await expect(ask({VMRUN_STATE_DIR: directory})).rejects.toMatchObject({
        name: expect.stringMatching(/^(?:Usage|Host)Error$/u),
        message: expect.stringMatching(
          new RegExp(`the state directory ${directory} .*${what}|${what}.*${directory}`, 'u'),
        ),
        hint: expect.stringContaining('VMRUN_STATE_DIR'),
      })
    }
  })

  test.each(['770', '707', '777', '1777'])('one that others can write to: mode %s', async mode => {
    const directory = await temporaryDirectory()
    await chmod(directory, Number.parseInt(mode, 8))
    await expect(stateDirectory({VMRUN_STATE_DIR: directory})).rejects.toMatchObject({
      message: `the state directory ${directory} can be written to by other users`,
      hint: expect.stringContaining(`chmod go-w ${directory}`),
    })
  })

  test('one that cannot be made', async () => {
    // Nobody can make a directory there, not even root.
    await expect(stateDirectory({VMRUN_STATE_DIR: '/proc/vmrun'})).rejects.toMatchObject({
      name: 'HostError',
      message: expect.stringContaining('cannot make the state directory /proc/vmrun: ENOENT'),
      hint: expect.stringContaining('VMRUN_STATE_DIR'),
    })
  })
})
