import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {expect, test} from 'vitest'
import {countOomKills} from '../../../src/qemu/machine/oom-kills.js'

test.runIf(process.platform === 'linux')('Linux counts what it kills for want of memory', async () => {
  expect(await countOomKills()).toEqual(expect.any(Number))
})

test.runIf(process.platform === 'linux')('a process that somebody kills is not counted', async () => {
  const before = await countOomKills()
  const child = spawn('sleep', ['1000'])
  await once(child, 'spawn')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await countOomKills()).toBe(before)
})
