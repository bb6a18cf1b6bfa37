import {userInfo} from 'node:os'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {ownName} from '../../src/doctor/own-name.js'
import {examineUser, userFinding} from '../../src/doctor/user.js'
import {UsageError} from '../../src/errors.js'

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
    text: 'QEMU runs as vmrun',
  })
})

test('nobody is poor, as others may be nobody, and how to make a user is said', () => {
  expect(userFinding({name: 'nobody', uid: 65_534, gid: 65_534, groups: []})).toMatchObject({
    state: 'poor',
    text: expect.stringContaining('nobody'),
    advice: expect.stringContaining('useradd --system --no-create-home --shell /usr/sbin/nologin vmrun'),
  })
})

test('this user is called by its name', () => {
  expect(ownName()).toBe(userInfo().username)
})

describe('for root', () => {
  test('QEMU as root is poor', async () => {
    const {finding, user} = await examineUser('root', root)
    expect(finding).toMatchObject({state: 'poor', subject: 'root', text: 'QEMU runs as root'})
    expect(user?.uid).toBe(0)
  })

  test('QEMU runs as an unprivileged user by default', async () => {
    const {finding, user, confine} = await examineUser(undefined, root)
    expect(finding.subject).toMatch(/^(?:vmrun|nobody)$/u)
    expect(user?.name).toBe(finding.subject)
    expect(confine?.(['/bin/true'])).toContain(`--reuid=${user?.uid}`)
  })

  test('without setpriv no QEMU can be started as another user', async () => {
    vi.stubEnv('PATH', '/nonexistent')
    const {finding, confine} = await examineUser(undefined, root)
    expect(finding).toMatchObject({state: 'missing', text: expect.stringContaining('without setpriv')})
    expect(confine).toBeUndefined()
  })

  test('a user that there is not is a mistake', async () => {
    await expect(examineUser('no-such-user', root)).rejects.toThrow(UsageError)
  })
})

describe('for an ordinary user', () => {
  test('QEMU runs as that one, which is good', async () => {
    const {finding} = await examineUser(undefined, ordinary)
    expect(finding).toMatchObject({state: 'good', text: `QEMU runs as ${userInfo().username}, like vmrun`})
  })

  test('to ask for another one is a mistake', async () => {
    await expect(examineUser('nobody', ordinary)).rejects.toThrow(UsageError)
  })
})
