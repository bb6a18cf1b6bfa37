import {mkdir, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test, vi} from 'vitest'
import {bareEnvironment, findOnPath} from '../../src/host/environment.js'
import {writeProgram} from '../executables.js'
import {temporaryDirectory} from '../temporary-directory.js'

test('programs see what they need to run, and none of the secrets', () => {
  const needed = {PATH: '/usr/bin', LD_LIBRARY_PATH: '/opt/lib', TMPDIR: '/scratch'}
  for (const [name, value] of Object.entries({...needed, RUNNER_TOKEN: 'secret', LD_PRELOAD: '/evil.so'})) {
    vi.stubEnv(name, value)
  }

  expect(bareEnvironment()).toEqual(needed)
})

test('what is not set stays so', () => {
  for (const name of ['PATH', 'LD_LIBRARY_PATH', 'TMPDIR']) {
    vi.stubEnv(name, undefined)
  }

  expect(bareEnvironment()).toEqual({})
})

test.each([
  ['/usr/bin:/bin', '/usr/bin:/bin'],
  ['.:/usr/bin:bin::/bin:', '/usr/bin:/bin'],
  ['.', undefined],
])('of a search path %j programs get %j: nothing of the working directory', (own, handedOn) => {
  vi.stubEnv('PATH', own)
  vi.stubEnv('LD_LIBRARY_PATH', own)
  const {PATH: programs, LD_LIBRARY_PATH: libraries} = bareEnvironment()
  expect([programs, libraries]).toEqual([handedOn, handedOn])
})

test('the first program on the PATH is found, by the name that it has there; no directory, and no other file', async () => {
  const root = await temporaryDirectory()
  const [directory, file, linked, last] = ['1', '2', '3', '4'].map(name => join(root, name))
  await mkdir(`${directory}/tool`, {recursive: true})
  await Promise.all([file, linked, last].map(one => mkdir(String(one))))
  await writeFile(`${file}/tool`, 'not to be executed')
  await symlink(await writeProgram(String(last), 'tool', ''), `${linked}/tool`)
  vi.stubEnv('PATH', ['/proc/nonexistent', directory, file, linked, last].join(':'))
  expect(await findOnPath('tool')).toBe(`${linked}/tool`)
  expect(await findOnPath('other-tool')).toBeUndefined()
})

test.each(['', '.', 'bin', 'node_modules/.bin', undefined])(
  'nothing is found by the PATH %j, which is relative to where vmrun happens to be',
  async directory => {
    vi.stubEnv('PATH', directory)
    expect(await findOnPath('tsc')).toBeUndefined()
    expect(await findOnPath('package.json')).toBeUndefined()
  },
)
