import {spawnSync} from 'node:child_process'
import {writeFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {eventsOf, Host} from './host.js'
import {limitableHierarchy, smallGroup} from './memory-group.js'

const hierarchy = await limitableHierarchy()

/** The id of QEMU's process, once its guest runs. */
const running = /"type":"machine-running","pid":(?<pid>\d+)/u

test('a QEMU that somebody kills is told as that', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'wait'}})
  const run = host.start('run', 'vm-1', '--json')
  const {groups} = await run.printed(running)
  process.kill(Number(groups?.['pid']), 'SIGKILL')
  const ending = await run.ended
  expect(eventsOf(ending).at(-1)).toMatchObject({
    verdict: 'infra-failed',
    error: {message: 'QEMU was killed by SIGKILL'},
  })
  expect(ending.exitCode).toBe(1)
  await host.expectNothingLeft()
})

test.runIf(hierarchy)('a QEMU that the kernel kills for want of memory is told as that', async () => {
  // First, so that it is the last to go.
  const procs = hierarchy ? await smallGroup(hierarchy) : ''
  const host = await Host.with({name: 'vm-1', config: {action: 'wait'}})
  const enter = `echo $$ >'${procs}' && exec "$@"`
  const run = host.startInShell(enter, 'run', 'vm-1', '--json')
  const {groups} = await run.printed(running)
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
