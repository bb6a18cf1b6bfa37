import {readFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {coreDumpsFinding, examineCoreDumps} from '../../src/doctor/core-dumps.js'

test('a vmrun that leaves no core is good', () => {
  expect(coreDumpsFinding(true)).toMatchObject({check: 'core-dumps', subject: 'vmrun', state: 'good'})
})

test('one that might is poor, with what to do', () => {
  expect(coreDumpsFinding(false)).toMatchObject({
    state: 'poor',
    hint: expect.stringContaining('LimitCORE=1'),
  })
})

test.runIf(process.platform === 'linux')('what is told is what is in force', async () => {
  const {state} = await examineCoreDumps()
  const limits = await readFile('/proc/self/limits', 'utf8')
  expect(/^Max core file size\s+[01]\s/mu.test(limits)).toBe(state === 'good')
})
