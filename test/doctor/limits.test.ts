import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {describe, expect, test} from 'vitest'
import {examineLimits, limitFindings, memoryFinding} from '../../src/doctor/limits.js'

function limits(processes: string, files: string): string {
  return [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    `Max processes             ${processes}                96364                processes `,
    `Max open files            ${files}                1048576              files     `,
  ].join('\n')
}

test('limits that leave room are good', () => {
  expect(limitFindings(limits('96364', '1024'))).toEqual([
    {check: 'open-files', subject: 'vmrun', state: 'good', text: '1024 at most'},
    {check: 'processes', subject: 'vmrun', state: 'good', text: '96364 at most'},
  ])
})

test('no limit is good', () => {
  expect(limitFindings(limits('unlimited', 'unlimited')).map(({state, text}) => [state, text])).toEqual([
    ['good', 'no limit'],
    ['good', 'no limit'],
  ])
})

test('low limits are poor, and how to raise each is said', () => {
  expect(limitFindings(limits('127', '1023'))).toMatchObject([
    {state: 'poor', advice: expect.stringContaining('LimitNOFILE=')},
    {state: 'poor', advice: expect.stringContaining('LimitNPROC=')},
  ])
})

test('where the host tells nothing, nothing is told', () => {
  expect(limitFindings('')).toEqual([])
})

test.runIf(process.platform === 'linux')('they are this process’s', async () => {
  const {stdout} = await promisify(execFile)('sh', ['-c', 'ulimit -S -n'])
  const [files] = await examineLimits()
  expect(files?.text).toBe(`${stdout.trim()} at most`)
})

describe('memory', () => {
  const largest = {instance: 'vm-1', ram: '4G', bytes: 4 * 2 ** 30}

  test('is told without an instance', () => {
    expect(memoryFinding(2 ** 30, undefined)).toEqual({
      check: 'memory',
      subject: 'host',
      state: 'good',
      text: '1 GiB available',
    })
  })

  test('that is enough for the largest instance is good', () => {
    expect(memoryFinding(4 * 2 ** 30, largest)).toMatchObject({
      state: 'good',
      text: '4 GiB available, vm-1 wants 4G',
    })
  })

  test('that is not is poor', () => {
    expect(memoryFinding(4 * 2 ** 30 - 1, largest)).toMatchObject({
      state: 'poor',
      advice: expect.stringContaining('"ram"'),
    })
  })
})
