import {afterEach, expect, test, vi} from 'vitest'
import {bareEnvironment} from '../../src/host/bare-environment.js'

afterEach(() => {
  vi.unstubAllEnvs()
})

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
