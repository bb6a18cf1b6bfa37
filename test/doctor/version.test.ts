import {expect, test} from 'vitest'
import {examineVersion, parseVersion} from '../../src/doctor/version.js'
import {writeProgram} from '../executables.js'
import {temporaryDirectory} from '../temporary-directory.js'

test.each([
  ['QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)', '7.2.22', false],
  ['QEMU emulator version 10.1.50 (v10.1.0-7-gabc)', '10.1.50', false],
  ['QEMU emulator version 6.2.0', '6.2.0', false],
  ['QEMU emulator version 6.1.1', '6.1.1', true],
  ['QEMU emulator version 5.10.0', '5.10.0', true],
])('%s', (text, version, tooOld) => {
  expect(parseVersion(text)).toEqual({version, tooOld})
})

test('what is no version is none', () => {
  expect(parseVersion('hello')).toBeUndefined()
})

test.each([
  ['that works is good', 'echo "QEMU emulator version 8.2.2"', 'good', 'version 8.2.2'],
  [
    'that is too old does not count',
    'echo "QEMU emulator version 5.2.0"',
    'missing',
    'version 5.2.0, is too old',
  ],
  [
    'that cannot run does not count',
    'echo "libaio.so.1: not found" >&2; exit 127',
    'missing',
    'libaio.so.1: not found',
  ],
  ['that prints something else does not count', 'echo hello', 'missing', 'it does not tell its version'],
])('a program %s', async (_, script, state, text) => {
  const program = await writeProgram(await temporaryDirectory(), 'qemu', script)
  const found = await examineVersion(program)
  expect(found).toMatchObject({state, path: program})
  expect(found.message).toContain(program)
  expect(found.message).toContain(text)
  expect(found.hint === undefined).toBe(state === 'good')
})
