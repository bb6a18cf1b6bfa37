import {userInfo} from 'node:os'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {ownName} from '../../src/doctor/own-name.js'
import {examineUser, userFinding} from '../../src/doctor/user.js'
import {UsageError} from '../../src/errors/errors.js'

const root = {uid: 0, inUserNamespace: async () => false, whyNoSwitch: async () => undefined}
const ordinary = {...root, uid: 1000}

afterEach(() => {
  vi.unstubAllEnvs()
})

test('a user of QEMU’s own is good', () => {
  expect(userFinding({name: 'vmrun', uid: 990, gid: 990, groups: []})).toEqual({
    check: 'user',
    subject: 'vmrun',
    state: 'good',
    message: 'QEMU runs as vmrun',
  })
})

test('a number of its own is as good', () => {
  expect(userFinding({name: '61999', uid: 61_999, gid: 61_999, groups: [], isTemporary: true})).toMatchObject(
    {
      state: 'good',
      message: 'QEMU runs as a number that nobody else has, such as 61999',
    },
  )
})

test('a vmrun that is root is no better than root', () => {
  expect(userFinding({name: 'vmrun', uid: 0, gid: 0, groups: []})).toMatchObject({
    state: 'poor',
    message: 'QEMU runs as root',
  })
})

test('nobody is poor, as others may be nobody, and how to make a user is said', () => {
  expect(userFinding({name: 'nobody', uid: 65_534, gid: 65_534, groups: []})).toMatchObject({
    state: 'poor',
    message: expect.stringMatching(/nobody.*could end it.*read its memory/u),
    hint: expect.stringContaining('useradd --system --no-create-home --shell /usr/sbin/nologin vmrun'),
  })
})

test('this user is called by its name', () => {
  expect(ownName()).toBe(userInfo().username)
})

describe('for root', () => {
  test('QEMU as root is poor', async () => {
    const {finding, user} = await examineUser('root', root)
    expect(finding).toMatchObject({state: 'poor', subject: 'root', message: 'QEMU runs as root'})
    expect(user?.uid).toBe(0)
  })

  test('QEMU runs as an unprivileged user by default', async () => {
    const {finding, user, confine} = await examineUser(undefined, root)
    expect(finding).toMatchObject({state: 'good', subject: expect.stringMatching(/^(?:vmrun|6\d{4})$/u)})
    expect(user?.name).toBe(finding.subject)
    expect(confine?.(['/bin/true'])).toContain(`--reuid=${user?.uid}`)
  })

  test('without setpriv no QEMU can be started as another user', async () => {
    vi.stubEnv('PATH', '/proc/nonexistent')
    const {finding, confine} = await examineUser(undefined, root)
    expect(finding).toMatchObject({state: 'missing', message: expect.stringContaining('without setpriv')})
    expect(confine).toBeUndefined()
  })

  test('a user that there is not is a mistake', async () => {
    await expect(examineUser('no-such-user', root)).rejects.toThrow(UsageError)
  })
})

describe('for an ordinary user', () => {
  test('QEMU runs as that one, which is good', async () => {
    const {finding} = await examineUser(undefined, ordinary)
    expect(finding).toMatchObject({state: 'good', message: `QEMU runs as ${userInfo().username}, like vmrun`})
  })

  test('to ask for another one is a mistake', async () => {
    await expect(examineUser('nobody', ordinary)).rejects.toThrow(UsageError)
  })
})
