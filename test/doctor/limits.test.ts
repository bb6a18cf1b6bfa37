import {execFile} from 'node:child_process'
import {promisify} from 'node:util'
import {describe, expect, test} from 'vitest'
import {examineLimits, limitFinding, processesFinding} from '../../src/doctor/limits.js'

function limits(processes: string, files: string): string {
  return [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    `Max processes             ${processes}                96364                processes `,
    `Max open files            ${files}                1048576              files     `,
  ].join('\n')
}

test('limits that leave room are good', () => {
  const roomy = limits('128', '1024')
  const good = {subject: 'vmrun', state: 'good'}
  expect(limitFinding('open-files', roomy)).toEqual({
    ...{...good, check: 'open-files', message: '1024 at most', limit: 1024},
  })
  expect(limitFinding('processes', roomy)).toEqual({
    ...{...good, check: 'processes', message: '128 at most', limit: 128},
  })
})

test.each(['open-files', 'processes'] as const)('no limit of %s is good', check => {
  expect(limitFinding(check, limits('unlimited', 'unlimited'))).toMatchObject({
    state: 'good',
    message: 'no limit',
    limit: null,
  })
})

test.each([
  ['open-files', 1023, ['ulimit -n', 'LimitNOFILE=']],
  ['processes', 127, ['ulimit -u', 'LimitNPROC=']],
] as const)('a low limit of %s is poor, and how to raise it is said', (check, limit, ways) => {
  const finding = limitFinding(check, limits('127', '1023'))
  expect(finding).toMatchObject({state: 'poor', limit})
  for (const way of ways) {
    expect(finding?.hint).toContain(way)
  }
})

test('where the host tells nothing, nothing is told', () => {
  expect(limitFinding('open-files', '')).toBeUndefined()
  expect(processesFinding('', undefined)).toBeUndefined()
})

describe('a limit of the control group', () => {
  const own = limits('96364', '1024')

  test('that leaves room is told, and good', () => {
    expect(processesFinding(own, {limit: 200, used: 72})).toMatchObject({
      state: 'good',
      message: '200 at most in this control group, which has 72',
      limit: 200,
    })
  })

  test('that leaves little is poor, and what systemd and containers call it is said', () => {
    expect(processesFinding(own, {limit: 200, used: 73})).toMatchObject({
      state: 'poor',
      hint: expect.stringMatching(/TasksMax=.*--pids-limit/u),
    })
  })

  test('is not what to raise first where the own limit is low', () => {
    expect(processesFinding(limits('10', '1024'), {limit: 200, used: 190})).toMatchObject({limit: 10})
  })
})

test.runIf(process.platform === 'linux')('they are this process’s', async () => {
  const {stdout} = await promisify(execFile)('sh', ['-c', 'ulimit -S -n'])
  const [files] = await examineLimits()
  expect(files?.message).toBe(`${stdout.trim()} at most`)
})
