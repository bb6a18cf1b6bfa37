import {execFileSync} from 'node:child_process'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {
  examineLimits,
  limitFinding,
  memoryFinding,
  processesFinding,
  taskLimitOf,
} from '../../src/doctor/limits.js'
import {temporaryDirectory} from '../temporary-directory.js'

function limits(processes: string, files: string): string {
  return [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    `Max processes             ${processes}                96364                processes `,
    `Max open files            ${files}                1048576              files     `,
  ].join('\n')
}

test.each([
  ['open-files', '1024', '1024 at most', 1024],
  ['processes', '128', '128 at most', 128],
  ['open-files', 'unlimited', 'no limit', null],
  ['processes', 'unlimited', 'no limit', null],
] as const)('a limit of %s that leaves room is good: %s', (check, soft, message, limit) => {
  const found = {check, subject: 'vmrun', state: 'good', message, limit}
  expect(limitFinding(check, limits(soft, soft))).toEqual(found)
})

test.each([
  ['open-files', 1023, /ulimit -n.*LimitNOFILE=/u],
  ['processes', 127, /ulimit -u.*LimitNPROC=/u],
] as const)('a low limit of %s is poor, and how to raise it is said', (check, limit, ways) => {
  const hint = expect.stringMatching(ways)
  expect(limitFinding(check, limits('127', '1023'))).toMatchObject({state: 'poor', limit, hint})
})

test('where the host tells nothing, nothing is told', () => {
  expect(limitFinding('open-files', '')).toBeUndefined()
  expect(processesFinding('', [])).toBeUndefined()
})

describe('a limit of the control group', () => {
  const own = limits('96364', '1024')

  test('that leaves room is told, and good', () => {
    expect(processesFinding(own, [undefined, {limit: 200, used: 72}])).toMatchObject({
      state: 'good',
      message: '200 at most in this control group, which has 72',
      limit: 200,
    })
  })

  test('that leaves little is poor, and what systemd and containers call it is said', () => {
    const hint = expect.stringMatching(/TasksMax=.*--pids-limit/u)
    expect(processesFinding(own, [{limit: 200, used: 73}])).toMatchObject({state: 'poor', hint})
  })

  test('counts where it leaves the least of several', () => {
    const groups = [{limit: 1000, used: 7}, undefined, {limit: 2000, used: 1500}]
    expect(processesFinding(own, groups)).toMatchObject({state: 'good', limit: 2000})
  })

  test('is not what to raise first where the own limit is low', () => {
    expect(processesFinding(limits('10', '1024'), [{limit: 200, used: 190}])).toMatchObject({limit: 10})
  })

  test.each<[Readonly<Record<string, string>>, object | undefined]>([
    [
      {'pids.max': '100\n', 'pids.current': '7\n'},
      {limit: 100, used: 7},
    ],
    [{'pids.max': 'max\n', 'pids.current': '7\n'}, undefined],
    [{'pids.max': '100\n'}, undefined],
    [{}, undefined],
  ])('is read from the files of the kernel: %j', async (files, limit) => {
    const directory = await temporaryDirectory()
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(directory, name), content)
    }

    expect(await taskLimitOf(directory)).toEqual(limit)
  })
})

test.runIf(process.platform === 'linux')('the limits are this process’s', async () => {
  const [files] = await examineLimits()
  expect(files?.message).toBe(
    `${execFileSync('sh', ['-c', 'ulimit -S -n'], {encoding: 'utf8'}).trim()} at most`,
  )
})

describe('memory', () => {
  const instances = [
    {name: 'a', ram: '900M'},
    {name: 'vm-1', ram: '4G'},
    {name: 'b', ram: '1G'},
  ]

  test('is told without an instance', () => {
    expect(memoryFinding(2 ** 30, [])).toEqual({
      ...{
        check: 'memory',
        subject: 'host',
        state: 'good',
        message: '1 GiB available',
        availableBytes: 2 ** 30,
      },
    })
  })

  test('that is enough for the instance that wants most, in whatever unit, is good', () => {
    const message = '4 GiB available, vm-1 wants 4G'
    const found = {state: 'good', message, wantedBytes: 4 * 2 ** 30}
    expect(memoryFinding(4 * 2 ** 30, instances)).toMatchObject(found)
  })

  test('that is not is poor', () => {
    const hint = expect.stringContaining('"ram"')
    expect(memoryFinding(4 * 2 ** 30 - 1, instances)).toMatchObject({state: 'poor', hint})
  })
})
