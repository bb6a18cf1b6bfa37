import {readFile} from 'node:fs/promises'
import {userInfo} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test, vi} from 'vitest'
import type {Finding} from '../../src/doctor/finding.js'
import {
  coreDumpsFinding,
  examineEndOfVmrun,
  examinePrivileges,
  examineSandbox,
  examineUser,
  ownName,
  userFinding,
} from '../../src/doctor/protection.js'
import {UsageError} from '../../src/errors/errors.js'
import {aarch64} from '../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {type Command, confinement} from '../../src/qemu/fence/confine.js'
import {findProgram} from '../../src/qemu/programs/find-program.js'
import {writeProgram} from '../executables.js'
import {temporaryDirectory} from '../temporary-directory.js'

const isLinux = process.platform === 'linux'

describe('who QEMU runs as', () => {
  const root = {uid: 0, proc: '/proc/nonexistent'}
  const ordinary = {...root, uid: 1000}
  const somebody = {uid: 990, gid: 990, groups: []}

  test.each([
    ['a user of its own is good', {...somebody, name: 'vmrun'}, 'good', /^QEMU runs as vmrun$/u],
    [
      'a number of its own is as good',
      {...somebody, name: '61999', isTemporary: true},
      'good',
      /^QEMU runs as a number that nobody else has, such as 61999$/u,
    ],
    [
      'a vmrun that is root is no better than root',
      {...somebody, name: 'vmrun', uid: 0},
      'poor',
      /as root$/u,
    ],
    [
      'nobody is poor, as others may be nobody',
      {...somebody, name: 'nobody'},
      'poor',
      /nobody.*could end it.*read its memory/u,
    ],
  ])('%s; how to make a user is said where that helps', (_, user, state, message) => {
    const finding = userFinding(user)
    expect(finding).toMatchObject({check: 'user', subject: user.name, state})
    expect(finding.message).toMatch(message)
    const command = 'useradd --system --no-create-home --shell /usr/sbin/nologin vmrun'
    expect(finding.hint?.includes(command)).toBe(state === 'poor' ? true : undefined)
  })

  test('for root it is root only on demand, which is poor', async () => {
    const {finding, user} = await examineUser('root', root)
    expect(finding).toMatchObject({state: 'poor', subject: 'root', message: 'QEMU runs as root'})
    expect(user?.uid).toBe(0)
  })

  test('for root it is an unprivileged user by default', async () => {
    const {finding, user, confine} = await examineUser(undefined, root)
    expect(finding).toMatchObject({state: 'good', subject: expect.stringMatching(/^(?:vmrun|6\d{4})$/u)})
    expect(user?.name).toBe(finding.subject)
    expect(confine?.(['/bin/true'])).toContain(`--reuid=${user?.uid}`)
  })

  test('without setpriv root cannot start QEMU as another user', async () => {
    vi.stubEnv('PATH', '/proc/nonexistent')
    const {finding, confine} = await examineUser(undefined, root)
    const message = expect.stringContaining('without setpriv')
    expect(finding).toMatchObject({check: 'user', subject: ownName(), state: 'missing', message})
    expect(confine).toBeUndefined()
  })

  test('for an ordinary user it is that one, by its name, which is good', async () => {
    const {finding} = await examineUser(undefined, ordinary)
    expect(finding).toMatchObject({state: 'good', message: `QEMU runs as ${userInfo().username}, like vmrun`})
  })

  test.each([
    ['a user whom there is not', 'no-such-user', root],
    ['another user for an ordinary one', 'nobody', ordinary],
  ])('%s is a mistake', async (_, asked, own) => {
    await expect(examineUser(asked, own)).rejects.toThrow(UsageError)
  })
})

describe('the end of vmrun', () => {
  test.runIf(isLinux)('where there is setpriv, the kernel kills QEMU', async () => {
    expect(await examineEndOfVmrun(['/proc/nonexistent/qemu'])).toMatchObject({
      ...{check: 'end-of-vmrun', state: 'good', by: 'setpriv'},
      message: expect.stringContaining('setpriv --pdeathsig'),
    })
  })

  /** What is found where there is no setpriv, of QEMUs with such a `-help`. */
  async function examined(...helps: readonly string[]): Promise<Finding | undefined> {
    vi.stubEnv('PATH', '/proc/nonexistent')
    const directory = await temporaryDirectory()
    const programs = await Promise.all(
      helps.map((help, index) => writeProgram(directory, `qemu-${index}`, `echo '${help}'`)),
    )
    return await examineEndOfVmrun(programs)
  }

  test('a QEMU that ends itself is good', async () => {
    expect(await examined('[,exit-with-parent=on|off]')).toMatchObject({
      ...{state: 'good', by: 'exit-with-parent'},
      message: expect.stringContaining('-run-with exit-with-parent=on'),
    })
  })

  test('those that do not are poor, and are named', async () => {
    const finding = await examined('[,exit-with-parent=on|off]', 'nothing', 'nothing')
    expect(finding).toMatchObject({state: 'poor', by: 'reaper'})
    expect(finding?.message).toMatch(/qemu-1 and \/\S*qemu-2 cannot end by itself/u)
    expect(finding?.message).not.toContain('qemu-0')
    expect(finding?.hint).toContain(isLinux ? 'util-linux' : 'exit-with-parent')
  })

  test('without any QEMU, nothing is to be said', async () => {
    expect(await examined()).toBeUndefined()
  })
})

describe.runIf(isLinux)('privileges', () => {
  test('what is started as QEMU is can never get more', async () => {
    const found = {check: 'no-new-privs', subject: 'QEMU', state: 'good'}
    const message = 'QEMU can never get more privileges'
    expect(await examinePrivileges(await confinement())).toEqual({...found, message})
  })

  test('where nothing sees to it, that is poor', async () => {
    const hint = expect.stringContaining('util-linux')
    expect(await examinePrivileges(command => command)).toMatchObject({state: 'poor', hint})
  })

  test('where nothing can be started at all, guests do not run, and why is told', async () => {
    const refused = 'echo "setpriv: setresuid failed: Operation not permitted" >&2; exit 127'
    expect(await examinePrivileges(() => ['/bin/sh', '-c', refused])).toMatchObject({
      state: 'missing',
      message: expect.stringContaining('setpriv: setresuid failed'),
    })
  })
})

describe('the sandbox', () => {
  test.each([x86_64, aarch64])('a real QEMU for $name starts with its filter', async architecture => {
    const program = await findProgram(architecture.program, architecture.packages)
    expect(await examineSandbox(architecture, program, await confinement())).toMatchObject({
      check: 'sandbox',
      subject: architecture.name,
      state: isLinux ? 'good' : 'poor',
    })
  })

  test.each([
    [[], 'spawn=deny'],
    [['spawn'], 'spawn=allow'],
  ] as const)(
    'QEMU is started as a run starts it, with the same filter, relaxed by %j',
    async (relax, spawn) => {
      const directory = await temporaryDirectory()
      const said = join(directory, 'said')
      const program = await writeProgram(directory, 'qemu', `echo "$CONFINED $@" >'${said}'`)
      const confine = (command: Command): Command => ['/usr/bin/env', 'CONFINED=yes', ...command]
      await examineSandbox(x86_64, program, confine, relax)
      const filter = `on,obsolete=deny,elevateprivileges=deny,${spawn},resourcecontrol=deny`
      const line = await readFile(said, 'utf8')
      expect(line).toMatch(/^yes /u)
      expect(line.includes(`-sandbox ${filter}`)).toBe(isLinux)
    },
  )

  test.each([
    ["qemu: -sandbox on: There is no option group 'sandbox'", true],
    ['qemu: failed to install seccomp syscall filter in the kernel: Operation not permitted', true],
    ['error while loading shared libraries: libslirp.so.0', false],
  ])('a QEMU that says %s does not run guests', async (complaint, isFilter) => {
    const program = await writeProgram(await temporaryDirectory(), 'qemu', `echo "${complaint}" >&2; exit 1`)
    const finding = await examineSandbox(x86_64, program, command => command)
    const message = `QEMU does not start as it should: ${complaint}`
    expect(finding).toMatchObject({state: 'missing', message})
    expect(finding.hint?.includes('seccomp')).toBe(isFilter ? true : undefined)
  })
})

test('a vmrun that leaves no core is good, and one that might is poor, with what to do', () => {
  expect(coreDumpsFinding(true)).toMatchObject({check: 'core-dumps', subject: 'vmrun', state: 'good'})
  const hint = expect.stringContaining('LimitCORE=1')
  expect(coreDumpsFinding(false)).toMatchObject({state: 'poor', hint})
})
