import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, expect, test, vi} from 'vitest'
import {findOnPath} from '../../src/host/find-on-path.js'
import {writeProgram} from '../executables.js'
import {temporaryDirectory} from '../temporary-directory.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

test('the first directory on the PATH counts that has the program', async () => {
  const [empty, first, second] = [
    await temporaryDirectory(),
    await temporaryDirectory(),
    await temporaryDirectory(),
  ]
  await writeFile(join(empty, 'tool'), 'not to be executed')
  const program = await writeProgram(first, 'tool', '')
  await writeProgram(second, 'tool', '')
  vi.stubEnv('PATH', [empty, first, second].join(':'))
  expect(await findOnPath('tool')).toBe(program)
})

test.each(['', '.', 'bin', 'node_modules/.bin'])(
  'nothing is found by %j, which is relative to where vmrun happens to be',
  async directory => {
    vi.stubEnv('PATH', directory)
    expect(await findOnPath('tsc')).toBeUndefined()
    expect(await findOnPath('package.json')).toBeUndefined()
  },
)

test('what is not there is not found', async () => {
  expect(await findOnPath('no-such-program')).toBeUndefined()
})
