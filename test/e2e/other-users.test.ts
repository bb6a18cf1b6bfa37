import {execFile} from 'node:child_process'
import {readFile, stat} from 'node:fs/promises'
import {promisify} from 'node:util'
import {describe, expect, onTestFinished, test} from 'vitest'
import type {Command} from './command.js'
import {Host} from './host.js'
import {scriptWithOwnMounts} from './wrappers.js'

const execute = promisify(execFile)
const asRoot = process.getuid?.() === 0

/** What a shell command prints, and how it ends, for a user by number. */
async function strangerDoes(stranger: number, script: string, ...words: readonly string[]): Promise<string> {
  const identity = [`--reuid=${stranger}`, `--regid=${stranger}`, '--clear-groups', '--']
  const run = execute('setpriv', [...identity, 'sh', '-c', script, 'sh', ...words])
  return await run.then(
    ({stdout}) => `succeeded: ${stdout}`,
    (error: unknown) =>
      `failed: ${error instanceof Error && 'stderr' in error ? String(error.stderr) : error}`,
  )
}

async function waitingRun(): Promise<{readonly host: Host; readonly run: Command; readonly qemu: number}> {
  const host = await Host.with({name: 'vm-1', config: {action: 'wait', token: 'secret'}})
  const run = host.start('run', 'vm-1', '--console', 'stdout')
  onTestFinished(async () => {
    run.signal('SIGTERM')
    await run.ended
  })
  await run.printed(/nano: waiting/u)
  const [qemu = 0] = await host.qemus()
  return {host, run, qemu}
}

/**
 * Users who have nothing to do with a run: neither vmrun's own nor the one that QEMU runs as. As nobody many services run.
 * Only root can be one of them.
 */
const strangers = asRoot
  ? [
      ['a user', 65_533],
      ['nobody', 65_534],
    ]
  : []

describe.each(strangers)('%s who has nothing to do with it', (_name, number) => {
  test('can neither read what it and its QEMU have, nor end them', async () => {
    const {host, run, qemu} = await waitingRun()
    const state = host.environment['VMRUN_STATE_DIR'] ?? ''
    for (const script of [
      'ls -l /proc/$2/fd',
      'ls -l /proc/$1/fd',
      'head -c 1 /proc/$2/mem',
      'head -c 1 /proc/$1/mem',
      'cat /proc/$1/environ',
      'cat /proc/$2/environ',
      'ls $3',
    ]) {
      const outcome = await strangerDoes(Number(number), script, String(run.pid), String(qemu), state)
      expect(outcome, script).toMatch(/^failed: .*(?:Permission denied|cannot open)/su)
    }

    const pids = Array.from((await host.processes()).keys())
    expect(pids).toEqual(expect.arrayContaining([run.pid, qemu]))
    for (const pid of pids) {
      const outcome = await strangerDoes(Number(number), 'kill -KILL "$1"', String(pid))
      expect(outcome).toMatch(/^failed: .*not permitted/su)
    }

    run.signal('SIGTERM')
    expect((await run.ended).exitCode).toBe(143)
  })
})

describe.runIf(asRoot)('for root', () => {
  test('QEMU is another user itself, with no right to anything of root’s, and no port or socket file leads to it', async () => {
    const {qemu} = await waitingRun()
    const status = await readFile(`/proc/${qemu}/status`, 'utf8')
    expect(status).toMatch(/^Uid:\t(?<uid>[1-9]\d*)\t\k<uid>\t\k<uid>\t\k<uid>$/mu)
    expect(status).toMatch(/^Groups:\t ?$/mu)
    expect(status).toMatch(/^CapEff:\t0+$/mu)
    const {stdout: descriptors} = await execute('ls', ['-l', `/proc/${qemu}/fd`])
    const inodes = Array.from(descriptors.matchAll(/socket:\[(?<inode>\d+)\]/gu), ([, inode]) => inode)
    expect(inodes.length).toBeGreaterThan(0)
    const sockets = (await readFile('/proc/net/unix', 'utf8'))
      .split('\n')
      .map(line => line.trim().split(/\s+/u))
    const own = sockets.filter(columns => inodes.includes(columns[6]))
    // Inode and nothing behind it: none has a path.
    expect(own.map(columns => columns[7])).toEqual(inodes.map(() => undefined))
  })

  test('two runs are two users, so that a guest that takes over its QEMU cannot touch the other', async () => {
    const runs = [await waitingRun(), await waitingRun()]
    const users = await Promise.all(runs.map(async ({qemu}) => (await stat(`/proc/${qemu}`)).uid))
    const hasOwn = /^vmrun:/mu.test(await readFile('/etc/passwd', 'utf8'))
    expect(new Set(users).size).toBe(hasOwn ? 1 : 2)
  })

  test('a user vmrun that is root is not taken for QEMU', async () => {
    const host = await Host.with({name: 'vm-1', config: {action: 'wait'}})
    await host.write('passwd', 'root:x:0:0::/root:/bin/sh\nvmrun:x:0:0::/:/usr/sbin/nologin\n')
    const wrapper = scriptWithOwnMounts('mount --bind passwd /etc/passwd; exec "$@"')
    const run = host.startUnder(wrapper, 'run', 'vm-1', '--console', 'stdout')
    await run.printed(/nano: waiting/u)
    const [qemu] = await host.qemus()
    expect((await stat(`/proc/${qemu}`)).uid).toBeGreaterThan(61_183)
    run.signal('SIGTERM')
    await run.ended
  })

  test('what it takes to end QEMU again is asked for before there is one', async () => {
    const host = await Host.with({name: 'vm-1'})
    const withoutKill = ['setpriv', '--bounding-set=-kill', '--']
    const {exitCode, stderr} = await host.startUnder(withoutKill, 'run', 'vm-1').ended
    expect(stderr).toContain('it takes the capabilities CAP_KILL, CAP_SETUID and CAP_SETGID')
    expect(exitCode).toBe(1)
    await host.expectNothingLeft()
  })
})

test('QEMU may not get more privileges, and is filtered, whoever starts it', async () => {
  const {qemu} = await waitingRun()
  const status = await readFile(`/proc/${qemu}/status`, 'utf8')
  expect(status).toMatch(/^NoNewPrivs:\t1$/mu)
  expect(status).toMatch(/^Seccomp:\t2$/mu)
})
