import {spawnSync} from 'node:child_process'
import {mkdir, readdir} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import type {Command} from './command.js'
import {Host} from './host.js'
import {ownMounts, scriptWithOwnMounts} from './wrappers.js'

const [unshare = '', ...inMounts] = ownMounts
const fuseWorks = spawnSync(unshare, [...inMounts, 'sh', '-c', ': <>/dev/fuse']).status === 0

/** Starts vmrun where the work directory is on a file system that has no files without a name. */
async function startOnFuse(host: Host, ...programArguments: readonly string[]): Promise<Command> {
  await Promise.all(['lower', 'upper', 'beside'].map(name => mkdir(host.path(name))))
  const mount = 'fuse-overlayfs -o lowerdir=lower,upperdir=upper,workdir=beside work'
  const script = `${mount} && "$@"; code=$?; umount --lazy work; exit $code`
  return host.startUnder(scriptWithOwnMounts(script), ...programArguments)
}

describe.runIf(fuseWorks)('on a file system without O_TMPFILE', () => {
  test.each([
    ['which ends by itself', {action: 'reset-once'}, 'nano: came back', 0],
    ['whose vmrun is killed', {action: 'ignore'}, 'nano: ignoring', 137],
  ])('a run leaves nothing either %s', async (_, config, printed, code) => {
    const host = await Host.with({name: 'vm-1', config})
    const run = await startOnFuse(host, 'run', 'vm-1', '--console', 'stdout')
    await run.printed(new RegExp(printed, 'u'))
    if (code === 137) {
      const processes = Array.from(await host.processes())
      const vmruns = processes.filter(([, line]) => line.startsWith(process.execPath))
      expect(vmruns).toHaveLength(1)
      process.kill(Number(vmruns[0]?.[0]), 'SIGKILL')
    }

    expect((await run.ended).exitCode).toBe(code)
    await host.expectNothingLeftSoon()
    expect(await readdir(host.path('upper'))).toEqual([])
  })

  test('vmrun doctor says what it lacks', async () => {
    const host = await Host.with({name: 'vm-1'})
    const {stdout} = await (await startOnFuse(host, 'doctor', '--json')).ended
    const fileSystem = expect.stringContaining('fuse')
    expect(JSON.parse(stdout).findings).toContainEqual(
      expect.objectContaining({check: 'work-directory', state: 'poor', fileSystem, unnamedFiles: false}),
    )
  })
})
