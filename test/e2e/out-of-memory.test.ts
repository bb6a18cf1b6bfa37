import {spawnSync} from 'node:child_process'
import {mkdirSync, rmdirSync, writeFileSync} from 'node:fs'
import {mkdir, rmdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {eventsOf, Host} from './host.js'

const size = String(512 * 2 ** 20)

/** Where this user can limit the memory of a control group, and by which file: version 1, then version 2. */
const hierarchy = [
  {root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes'},
  {root: '/sys/fs/cgroup', limit: 'memory.max'},
].find(({root, limit}) => {
  const group = path.join(root, `vmrun-test-${process.pid}-tried`)
  try {
    mkdirSync(group)
  } catch {
    return false
  }

  try {
    writeFileSync(path.join(group, limit), size)
    return true
  } catch {
    return false
  } finally {
    rmdirSync(group)
  }
})

/** Makes a control group with half a gibibyte of memory, which goes when the test is over. @returns its `cgroup.procs` */
async function smallGroup(): Promise<string> {
  const {root = '', limit = ''} = hierarchy ?? {}
  const group = path.join(root, `vmrun-test-${process.pid}-small`)
  await mkdir(group)
  // As long as the kernel still counts a process that has ended, the group is busy.
  onTestFinished(() => expect.poll(() => rmdir(group).then(() => 'gone', String)).toBe('gone'))
  await writeFile(path.join(group, limit), size)
  return path.join(group, 'cgroup.procs')
}

test.runIf(hierarchy)('a QEMU that the kernel kills for want of memory is told as that', async () => {
  // First, so that it is the last to go.
  const procs = await smallGroup()
  const host = await Host.with({name: 'vm-1', config: {action: 'wait'}})
  const enter = `echo $$ >'${procs}' && exec "$@"`
  const run = host.startInShell(enter, 'run', 'vm-1', '--json')
  const {groups} = await run.printed(/"type":"machine-running","pid":(?<pid>\d+)/u)
  // What takes all of the group's memory is larger than QEMU; the kernel is to take QEMU first all the same.
  await writeFile(`/proc/${groups?.['pid']}/oom_score_adj`, '1000')
  expect(spawnSync('sh', ['-c', enter, 'sh', 'tail', '/dev/zero']).signal).toBe('SIGKILL')
  const ending = await run.ended
  expect(eventsOf(ending).at(-1)).toMatchObject({
    verdict: 'infra-failed',
    error: {
      message: 'QEMU was killed by SIGKILL, probably by the kernel, because memory ran out',
      hint: expect.stringMatching(/"ram".* of its control group, \/vmrun-test-\d+-small,/su),
    },
  })
  expect(ending.exitCode).toBe(1)
  await host.expectNothingLeft()
})
