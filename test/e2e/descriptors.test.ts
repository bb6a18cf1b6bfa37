import {readdir, readlink} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {Host} from './host.js'

/** The descriptors on which a process has a file open. */
async function descriptorsOf(pid: number, file: string): Promise<readonly number[]> {
  const names = await readdir(`/proc/${pid}/fd`)
  const targets = await Promise.all(names.map(name => readlink(`/proc/${pid}/fd/${name}`)))
  return names.filter((_, index) => targets[index] === file).map(Number)
}

test('what vmrun was started with open, neither QEMU nor the reaper has open', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'wait'}})
  await host.write('lock', '')
  // As a shell script does with its lock.
  const script = 'exec 18<lock 200>>lock; exec "$@"'
  const run = host.startUnder(['bash', '-c', script, 'bash'], 'run', 'vm-1', '--console', 'stdout')
  await run.printed(/nano: waiting/u)
  expect(await descriptorsOf(run.pid, host.path('lock'))).toEqual(expect.arrayContaining([18]))
  const others = Array.from((await host.processes()).keys()).filter(pid => pid !== run.pid)
  expect(others).toHaveLength(2)
  for (const pid of others) {
    expect(await descriptorsOf(pid, host.path('lock'))).toEqual([])
  }

  run.signal('SIGTERM')
  expect((await run.ended).exitCode).toBe(143)
})
