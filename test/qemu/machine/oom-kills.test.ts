import {expect, test} from 'vitest'
import {countOomKills} from '../../../src/qemu/machine/oom-kills.js'

test.runIf(process.platform === 'linux')('Linux counts what it kills for want of memory', async () => {
  const counted = await countOomKills()
  expect(await counted()).toMatchObject({count: expect.any(Number)})
})
