import {mkdir, symlink} from 'node:fs/promises'
import {expect, test} from 'vitest'
import type {Command} from './command.js'
import {Host} from './host.js'
import {sameUser} from './wrappers.js'

/** Starts a run whose guest goes on until it is killed. */
async function startRun(host: Host): Promise<Command> {
  const run = host.start('run', 'vm-1', '--json', ...sameUser)
  await run.printed(/"type":"machine-running"/u)
  return run
}

/** A host on which nothing but vmrun itself ends a QEMU: it has no setpriv. */
async function hostWithoutSetpriv(): Promise<Host> {
  const host = await Host.with({name: 'vm-1', config: {action: 'ignore'}})
  await mkdir(host.path('bin'))
  for (const program of ['qemu-system-x86_64', 'rm', 'sleep']) {
    await symlink(`/usr/bin/${program}`, host.path('bin', program))
  }

  host.environment['PATH'] = host.path('bin')
  return host
}

async function killReaper(host: Host): Promise<void> {
  const reapers = Array.from(await host.processes()).filter(([, line]) => line.includes('\0vmrun-reaper\0'))
  expect(reapers).toHaveLength(1)
  for (const [pid] of reapers) {
    process.kill(pid, 'SIGKILL')
    await expect.poll(async () => (await host.processes()).has(pid)).toBe(false)
  }
}

async function kill(run: Command): Promise<void> {
  run.signal('SIGKILL')
  await run.ended
}

test.each<[string, () => Promise<Host>]>([
  ['', () => Host.with({name: 'vm-1', config: {action: 'ignore'}})],
  [' where the kernel does not tie QEMU to it', hostWithoutSetpriv],
])('a vmrun that is killed leaves nothing%s', async (_, make) => {
  const host = await make()
  await kill(await startRun(host))
  await host.expectNothingLeftSoon()
})

test('nor does it where a script is in front of QEMU that executes it', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'ignore'}})
  await host.putBeforeQemu('true')
  const run = await startRun(host)
  await killReaper(host)
  await kill(run)
  await expect.poll(() => host.qemus()).toEqual([])
  expect((await host.vmrun('prune')).stdout).toMatch(/^Removed the record of vm-1: its vmrun .* is gone$/mu)
  await host.expectNothingLeft()
})

test.each<[string, (host: Host) => Promise<Command>]>([
  ['the next run', startRun],
  [
    'vmrun prune',
    async host => {
      const prune = host.start('prune')
      await prune.ended
      return prune
    },
  ],
])('where what watches over it is killed as well, %s ends its QEMU, and says so', async (_, start) => {
  const host = await hostWithoutSetpriv()
  const run = await startRun(host)
  const [qemu] = await host.qemus()
  await killReaper(host)
  await kill(run)
  expect(await host.qemus()).toEqual([qemu])
  const next = await start(host)
  expect(next.stdout).toContain(
    `Removed QEMU of vm-1 (process ${qemu}) and its record: its vmrun (process ${run.pid}) is gone`,
  )
  expect(await host.qemus()).not.toContain(qemu)
  await kill(next)
  await host.expectNothingLeftSoon()
})

test('a run that goes on is not touched by others that start, nor by vmrun prune', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'ignore'}}, {name: 'vm-2'})
  const run = await startRun(host)
  const qemus = await host.qemus()
  expect((await host.vmrun('run', 'vm-2')).exitCode).toBe(0)
  const {stdout, exitCode} = await host.vmrun('prune')
  expect(stdout).toMatch(
    /^Nothing to remove in .*\/state\.\nLeft alone .*: vm-1: its vmrun \(process \d+\) is alive\n$/u,
  )
  expect(exitCode).toBe(0)
  expect(await host.qemus()).toEqual(qemus)
  await kill(run)
  await host.expectNothingLeftSoon()
})
