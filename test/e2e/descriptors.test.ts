import {readdir, readlink} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {Host} from './host.js'

/** Opens a file on three descriptors and runs its arguments, as a shell script does with its lock. */
const withOpenFile = ['bash', '-c', 'exec 18<lock 40<lock 200>>lock; exec "$@"', 'bash']

/** What a process has open, by descriptor. */
async function descriptorsOf(pid: number): Promise<ReadonlyMap<number, string>> {
  const names = await readdir(`/proc/${pid}/fd`)
  return new Map(
    await Promise.all(
      names.map(async name => [Number(name), await readlink(`/proc/${pid}/fd/${name}`)] as const),
    ),
  )
}

test('what vmrun was started with open, neither QEMU nor the reaper has open', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'ignore'}})
  await host.write('lock', '')
  const run = host.startUnder(withOpenFile, 'run', 'vm-1', '--json')
  await run.printed(/"type":"machine-running"/u)
  const lock = host.path('lock')
  expect(Array.from((await descriptorsOf(run.pid)).entries())).toEqual(
    expect.arrayContaining([18, 40, 200].map(descriptor => [descriptor, lock])),
  )
  const others = Array.from((await host.processes()).keys()).filter(pid => pid !== run.pid)
  expect(others).toHaveLength(2)
  for (const pid of others) {
    expect(Array.from((await descriptorsOf(pid)).values())).not.toContain(lock)
  }

  run.signal('SIGKILL')
  await run.ended
  await expect.poll(() => host.processes()).toEqual(new Map())
})
