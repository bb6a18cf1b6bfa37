import {chmod, chown, mkdir, readdir, symlink, writeFile} from 'node:fs/promises'
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

test('looking for it makes nothing, and tells whether it is there; making it makes all above it', async () => {
  const parent = await temporaryDirectory()
  const directory = path.join(parent, 'a', 'state')
  expect(findStateDirectory({VMRUN_STATE_DIR: directory})).toEqual({path: directory, exists: false})
  expect(await readdir(parent)).toEqual([])
  expect(stateDirectory({VMRUN_STATE_DIR: directory})).toBe(directory)
  expect(findStateDirectory({VMRUN_STATE_DIR: directory})).toEqual({path: directory, exists: true})
})

/** A directory with one thing in it. @returns the path of that */
async function placeWith(make: (file: string) => Promise<void>): Promise<string> {
  const file = path.join(await temporaryDirectory(), 'state')
  await make(file)
  return file
}

describe('what is refused, for all who ask, with another place to name', () => {
  test.each<[string, () => Promise<string>, string, string]>([
    ...onlyRootCanMake<[string, () => Promise<string>, string, string]>([
      'a place in a directory of another user',
      async () => path.join(await foreignDirectory(), 'state'),
      'UsageError',
      'is not safe: .* belongs to another user',
    ]),
    ['a file', () => placeWith(file => writeFile(file, '')), 'UsageError', 'is not a directory'],
    [
      'a link to nowhere',
      () => placeWith(file => symlink('/proc/nonexistent', file)),
      'UsageError',
      'is a link to nothing',
    ],
    [
      'a place below a file',
      async () => path.join(import.meta.filename, 'state'),
      'HostError',
      'cannot be looked at: ENOTDIR',
    ],
  ])('%s', async (_, make, name, what) => {
    const directory = await make()
    for (const ask of [stateDirectory, findStateDirectory]) {
      expect(() => ask({VMRUN_STATE_DIR: directory})).toThrow(
        expect.objectContaining({
          name,
          message: expect.stringMatching(new RegExp(`^the state directory ${directory}:? .*${what}`, 'u')),
          hint: expect.stringContaining('VMRUN_STATE_DIR'),
        }),
      )
    }
  })

  test('one that others can write to, and how to take that right away', async () => {
    const directory = await temporaryDirectory()
    await chmod(directory, 0o1777)
    expect(() => stateDirectory({VMRUN_STATE_DIR: directory})).toThrow(
      expect.objectContaining({
        message: `the state directory ${directory} is not safe: ${directory} can be written to by other users`,
        hint: expect.stringContaining(`chmod go-w ${directory}`),
      }),
    )
  })

  test('one that cannot be made', () => {
    // Nobody can make a directory there, not even root.
    expect(() => stateDirectory({VMRUN_STATE_DIR: '/proc/vmrun'})).toThrow(
      expect.objectContaining({
        name: 'HostError',
        message: expect.stringContaining(
          'the state directory /proc/vmrun: /proc/vmrun cannot be made: ENOENT',
        ),
        hint: expect.stringContaining('VMRUN_STATE_DIR'),
      }),
    )
  })
})
