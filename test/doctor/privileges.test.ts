import {describe, expect, test} from 'vitest'
import {examinePrivileges, privilegesFinding} from '../../src/doctor/privileges.js'
import {confinement} from '../../src/qemu/fence/confine.js'

const isLinux = process.platform === 'linux'

describe.runIf(isLinux)('on Linux', () => {
  test('what is started as QEMU is can never get more privileges', async () => {
    expect(await examinePrivileges(await confinement())).toEqual({
      check: 'no-new-privs',
      subject: 'QEMU',
      state: 'good',
      message: 'QEMU can never get more privileges',
    })
  })

  test('where nothing sees to it, that is poor', async () => {
    expect(await examinePrivileges(command => command)).toMatchObject({
      state: 'poor',
      hint: expect.stringContaining('util-linux'),
    })
  })

  test('where nothing can be started at all, guests do not run, and why is told', async () => {
    const refused = 'echo "setpriv: setresuid failed: Operation not permitted" >&2; exit 127'
    expect(await examinePrivileges(() => ['/bin/sh', '-c', refused])).toMatchObject({
      state: 'missing',
      message: expect.stringContaining('setpriv: setresuid failed'),
    })
  })
})

test('a process that may get more is told from one that may not', () => {
  expect(privilegesFinding('Name:\tcat\nNoNewPrivs:\t1\nSeccomp:\t0\n', undefined).state).toBe('good')
  expect(privilegesFinding('Name:\tcat\nNoNewPrivs:\t0\nSeccomp:\t0\n', undefined).state).toBe('poor')
})
