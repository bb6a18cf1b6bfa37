import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {describe, expect, onTestFinished, test} from 'vitest'
import type {Command} from './command.js'
import {Host} from './host.js'

const execute = promisify(execFile)

/** A user who has nothing to do with the run: neither vmrun's own nor the one that QEMU runs as. */
const stranger = ['--reuid=65533', '--regid=65533', '--clear-groups', '--']

/** What a shell command prints, and how it ends, for the stranger. */
async function strangerDoes(script: string, ...words: readonly string[]): Promise<string> {
  const run = execute('setpriv', [...stranger, 'sh', '-c', script, 'sh', ...words])
  return await run.then(
    ({stdout}) => `succeeded: ${stdout}`,
    (error: unknown) =>
      `failed: ${error instanceof Error && 'stderr' in error ? String(error.stderr) : error}`,
  )
}

// Only root can be a stranger as well.
describe.runIf(process.getuid?.() === 0)('another user of the host', () => {
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

  test.each([
    ['QEMU has open', 'ls -l /proc/$2/fd'],
    ['vmrun has open', 'ls -l /proc/$1/fd'],
    ['QEMU has in its memory', 'head -c 1 /proc/$2/mem'],
    ['vmrun has in its memory', 'head -c 1 /proc/$1/mem'],
    ['vmrun has in its environment', 'cat /proc/$1/environ'],
    ['QEMU has in its environment', 'cat /proc/$2/environ'],
    ['the run record says', 'ls $3'],
  ])('cannot read what %s', async (_, script) => {
    const {host, run, qemu} = await waitingRun()
    const state = host.environment['VMRUN_STATE_DIR'] ?? ''
    const outcome = await strangerDoes(script, String(run.pid), String(qemu), state)
    expect(outcome).toMatch(/^failed: .*(?:Permission denied|cannot open)/su)
  })

  test('cannot end it', async () => {
    const {run, qemu, host} = await waitingRun()
    const pids = Array.from((await host.processes()).keys())
    expect(pids).toEqual(expect.arrayContaining([run.pid, qemu]))
    for (const pid of pids) {
      expect(await strangerDoes('kill -KILL "$1"', String(pid))).toMatch(/^failed: .*not permitted/su)
    }

    run.signal('SIGTERM')
    expect((await run.ended).exitCode).toBe(143)
  })

  test('finds neither a port nor a socket file by which QEMU is controlled', async () => {
    const {qemu} = await waitingRun()
    const {stdout} = await execute('sh', [
      '-c',
      'ls -l "/proc/$1/fd"; cat /proc/net/unix',
      'sh',
      String(qemu),
    ])
    const [descriptors = '', sockets = ''] = stdout.split('Num ')
    const inodes = Array.from(descriptors.matchAll(/socket:\[(?<inode>\d+)\]/gu), ([, inode]) => inode)
    expect(inodes.length).toBeGreaterThan(0)
    const own = sockets.split('\n').filter(line => inodes.includes(line.trim().split(/\s+/u)[6]))
    // Inode and nothing behind it: none has a path.
    expect(own.map(line => line.trim().split(/\s+/u)[7])).toEqual(own.map(() => undefined))
    expect(own).toHaveLength(inodes.length)
  })

  test('QEMU is another user itself, and has no right to anything of root’s', async () => {
    const {qemu} = await waitingRun()
    const {stdout} = await execute('cat', [`/proc/${qemu}/status`])
    expect(stdout).toMatch(/^Uid:\t(?<uid>[1-9]\d*)\t\k<uid>\t\k<uid>\t\k<uid>$/mu)
    expect(stdout).toMatch(/^Groups:\t ?$/mu)
    expect(stdout).toMatch(/^CapEff:\t0+$/mu)
    expect(stdout).toMatch(/^NoNewPrivs:\t1$/mu)
    expect(stdout).toMatch(/^Seccomp:\t2$/mu)
  })
})

test('QEMU may not get more privileges, and is filtered, whoever starts it', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'wait'}})
  const run = host.start('run', 'vm-1', '--console', 'stdout')
  await run.printed(/nano: waiting/u)
  const [qemu] = await host.qemus()
  const {stdout} = await execute('cat', [`/proc/${qemu}/status`])
  expect(stdout).toMatch(/^NoNewPrivs:\t1$/mu)
  expect(stdout).toMatch(/^Seccomp:\t2$/mu)
  run.signal('SIGTERM')
  await run.ended
})
