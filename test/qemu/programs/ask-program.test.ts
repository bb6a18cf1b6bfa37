import {afterEach, expect, test, vi} from 'vitest'
import {askProgram} from '../../../src/qemu/programs/ask-program.js'
import {writeProgram} from '../../executables.js'
import {temporaryDirectory} from '../../temporary-directory.js'

afterEach(() => {
  vi.unstubAllEnvs()
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
