import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdir, open, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {eventsOf, Host} from '../e2e/host.js'
import {temporaryDirectory} from '../temporary-directory.js'
import type {Fault} from './fault.js'
import {filesBelow, processesAt, whatStays} from './residue.js'
import {play, randomNumbers, table} from './rounds.js'

/** A process that runs until the test is over. */
async function lingering(
  options: Parameters<typeof spawn>[2],
  ...words: readonly string[]
): Promise<ChildProcess> {
  const child = spawn('sh', ['-c', 'echo there; read -r line', 'sh', ...words], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    ...options,
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const {stdout} = child
  await (stdout && once(stdout, 'data'))
  return child
}

describe('residue is', () => {
  test('a file and a directory that were not there before', async () => {
    const directory = await temporaryDirectory()
    await mkdir(join(directory, 'known'))
    expect(await filesBelow(directory, ['known'])).toEqual([])
    await writeFile(join(directory, 'known', 'overlay'), '')
    await mkdir(join(directory, 'other'))
    expect(await filesBelow(directory, ['known'])).toEqual(['file known/overlay', 'file other'])
  })

  test('a process that names the directory on its command line or in its environment, or works in it', async () => {
    const directory = await temporaryDirectory()
    const naming = [await lingering({}, join(directory, 'x')), await lingering({env: {TMPDIR: directory}})]
    const {pid} = await lingering({cwd: directory})
    const found = await processesAt(directory)
    expect(found).toHaveLength(3)
    expect(found).toEqual(
      expect.arrayContaining([
        ...naming.map(one => expect.stringMatching(new RegExp(`^process ${one.pid}: sh`, 'u'))),
        `process ${pid} holds ${directory}`,
      ]),
    )
    expect(await processesAt(directory, pid)).toHaveLength(2)
  })

  test('a deleted file that a process holds', async () => {
    const directory = await temporaryDirectory()
    const file = join(directory, 'deleted')
    const handle = await open(file, 'w')
    const {pid} = await lingering({stdio: ['pipe', 'pipe', handle.fd]})
    await handle.close()
    await rm(file)
    expect(await processesAt(directory)).toEqual([`process ${pid} holds ${file} (deleted)`])
  })
})

test('what goes in time is no residue, and what stays is', async () => {
  const left = [['a', 'b'], ['b'], []]
  expect(await whatStays(async () => left.shift() ?? [])).toEqual([])
  expect(await whatStays(async () => ['stays'], 100)).toEqual(['stays'])
})

test('a round counts what is left after it, and what went wrong in it', async () => {
  const leaky: Fault = {
    name: 'leaks',
    share: 1,
    strike: async ({host}) => {
      await host.write('work/overlay', '')
      await lingering({cwd: host.path('work')})
      return {struck: true, endings: ['0'], wrong: ['something else']}
    },
  }
  const undisturbed = {length: 0, start: 0, moments: []}
  const row = await play(leaky, {rounds: 2, seed: 1, undisturbed, limit: 0})
  expect(row).toMatchObject({rounds: 2, struck: 2, endings: ['0', '0']})
  expect(row.residue.toSorted()).toEqual(
    [0, 1].flatMap(index => [
      `round ${index}: file work/overlay`,
      expect.stringMatching(new RegExp(`^round ${index}: process \\d+ holds .*/work$`, 'u')),
      `round ${index}: something else`,
    ]),
  )
})

test.runIf(process.platform === 'linux')('a run is residue as long as it goes on', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'wait'}})
  const run = host.start('run', 'vm-1', '--json', '--console', 'stdout')
  await run.printed(/nano: waiting/u)
  const lines = (await processesAt(host.directory)).join('\n')
  expect(lines).toMatch(/process \d+: .*run vm-1 --json/u)
  expect(lines).toMatch(/process \d+: .*qemu-system-x86_64/u)
  expect(lines).toMatch(/process \d+: \/bin\/sh -c /u)
  expect(lines).toMatch(/process \d+ holds .*\/work\/.* \(deleted\)/u)
  expect(await filesBelow(host.directory)).toContainEqual(expect.stringMatching(/^file state\/.+\.json$/u))
  run.signal('SIGTERM')
  expect(eventsOf(await run.ended).at(-1)).toMatchObject({verdict: 'terminated'})
  expect(await whatStays(() => processesAt(host.directory))).toEqual([])
})

test('the same seed gives the same numbers, between 0 and 1', () => {
  const [first = [], second, other] = [7, 7, 8].map(seed => Array.from({length: 100}, randomNumbers(seed)))
  expect(first).toEqual(second)
  expect(first).not.toEqual(other)
  expect(first.filter(number => number < 0 || number >= 1)).toEqual([])
})

test('the table has a row for each fault, and their sums', () => {
  expect(
    table([
      {fault: 'a', rounds: 3, struck: 2, endings: ['0', '143', '0'], residue: []},
      {fault: 'b', rounds: 1, struck: 1, endings: ['killed'], residue: ['x', 'y']},
    ])
      .split('\n')
      .slice(2),
  ).toEqual([
    '| a | 3 | 2 | 0 | 0 × 2, 143 × 1 |',
    '| b | 1 | 1 | 2 | killed × 1 |',
    '| **all** | 4 | 3 | 2 | 0 × 2, 143 × 1, killed × 1 |',
  ])
})
