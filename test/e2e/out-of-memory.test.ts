import {mkdir, rmdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, inject, onTestFinished, test} from 'vitest'
import {eventsOf, Host} from './host.js'

/** Where a control group's memory is limited, and how its limit is called: version 1, then version 2. */
const hierarchies = [
  {root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes'},
  {root: '/sys/fs/cgroup', limit: 'memory.max'},
]

/** Puts processes into a control group with less memory than a guest needs; undefined where this user cannot. */
async function smallGroup(): Promise<((pid: number) => Promise<void>) | undefined> {
  for (const {root, limit} of hierarchies) {
    const group = path.join(root, `vmrun-test-${process.pid}`)
    try {
      await mkdir(group)
      onTestFinished(() => rmdir(group))
      await writeFile(path.join(group, limit), String(32 * 2 ** 20))
      return pid => writeFile(path.join(group, 'cgroup.procs'), String(pid))
    } catch {
      // Perhaps the other version.
    }
  }

  return
}

test('a QEMU that is killed is told from one that the kernel kills for want of memory', async () => {
  const confine = await smallGroup()
  const host = await Host.with({
    name: 'vm-1',
    image: inject('guests')['linux-x86_64'],
    config: {action: 'wait'},
  })
  const run = host.start('run', 'vm-1', '--json')
  const {groups} = await run.printed(/"type":"machine-running","pid":(?<pid>\d+)/u)
  const pid = Number(groups?.['pid'])
  // Where memory cannot be limited there is nobody but this test to kill it.
  await (confine?.(pid) ?? process.kill(pid, 'SIGKILL'))
  const {exitCode, stdout} = await run.ended
  const message = confine ? 'the kernel killed QEMU because memory ran out' : 'QEMU was killed by SIGKILL'
  expect(eventsOf({stdout}).at(-1)).toMatchObject({verdict: 'infra-failed', error: {message}})
  expect(exitCode).toBe(1)
  await host.expectNothingLeft()
})
