import {spawnSync} from 'node:child_process'
import {mkdir, readdir} from 'node:fs/promises'
import {expect, test} from 'vitest'
import type {Command} from './command.js'
import {Host} from './host.js'
import {ownMounts, scriptWithOwnMounts} from './wrappers.js'

const fuseWorks =
  spawnSync(ownMounts[0] ?? '', [...ownMounts.slice(1), 'sh', '-c', ': <>/dev/fuse']).status === 0

/** Starts vmrun where the work directory is on a file system that has no files without a name. */
async function startOnFuse(host: Host, ...programArguments: readonly string[]): Promise<Command> {
  await Promise.all(['lower', 'upper', 'beside'].map(name => mkdir(host.path(name))))
  const mount = 'fuse-overlayfs -o lowerdir=lower,upperdir=upper,workdir=beside work'
  return host.startUnder(
    scriptWithOwnMounts(`${mount} && "$@"; code=$?; umount --lazy work; exit $code`),
    ...programArguments,
  )
}

async function expectNothingLeft(host: Host): Promise<void> {
  await host.expectNothingLeftSoon()
  expect(await readdir(host.path('upper'))).toEqual([])
}

test.runIf(fuseWorks)('a run on a file system without O_TMPFILE leaves nothing either', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'reset-once'}})
  const run = await startOnFuse(host, 'run', 'vm-1', '--console', 'stdout')
  const {exitCode, stdout} = await run.ended
  expect(stdout).toContain('nano: came back')
  expect(exitCode).toBe(0)
  await expectNothingLeft(host)
})

test.runIf(fuseWorks)('nor does one whose vmrun is killed there', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'ignore'}})
  const run = await startOnFuse(host, 'run', 'vm-1', '--console', 'stdout')
  await run.printed(/nano: ignoring/u)
  const vmrun = Array.from(await host.processes()).filter(([, line]) => line.startsWith(process.execPath))
  expect(vmrun).toHaveLength(1)
  for (const [pid] of vmrun) {
    process.kill(pid, 'SIGKILL')
  }

  expect((await run.ended).exitCode).toBe(137)
  await expectNothingLeft(host)
})

test.runIf(fuseWorks)('vmrun doctor says of such a file system what it lacks', async () => {
  const host = await Host.with({name: 'vm-1'})
  const {stdout} = await (await startOnFuse(host, 'doctor', '--json')).ended
  expect(JSON.parse(stdout).findings).toContainEqual(
    expect.objectContaining({
      check: 'work-directory',
      state: 'poor',
      fileSystem: expect.stringContaining('fuse'),
      unnamedFiles: false,
    }),
  )
})
