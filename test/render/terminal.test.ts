import {stripVTControlCharacters} from 'node:util'
import {Listr} from 'listr2'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import type {RunEvent} from '../../src/contract/events.js'
import {type StepRow, stepRow, Terminal} from '../../src/render/terminal.js'
import {captured} from '../start/captured.js'
import {hostile, unprintable} from './every-event.js'

const isTerminal = process.stdout.isTTY

// Where there is no terminal, listr2 writes each of its lines once.
beforeEach(() => {
  process.stdout.isTTY = false
})
afterEach(() => {
  vi.useRealTimers()
  process.stdout.isTTY = isTerminal
})

const started: RunEvent = {
  type: 'run-started',
  run: '0123456789ab',
  instance: 'vm-1',
  steps: [
    {name: 'overlay', title: 'Overlay'},
    {name: 'qemu', title: 'QEMU'},
  ],
}
const overlayDone: readonly RunEvent[] = [
  {type: 'step-started', step: 'overlay', title: 'Overlay'},
  {type: 'step-done', step: 'overlay', title: 'Overlay: 1 GiB on a.qcow2'},
]
const qemuStarted: RunEvent = {type: 'step-started', step: 'qemu', title: 'QEMU'}

/** The lines that listr2 writes of a run, without the signs before them. */
async function linesOf(...events: readonly RunEvent[]): Promise<Record<'stdout' | 'stderr', string[]>> {
  const written = captured()
  const terminal = new Terminal()
  for (const event of [started, ...events]) {
    terminal.listener(event)
  }

  await terminal.finish()
  const lines = (text: string): string[] =>
    stripVTControlCharacters(text)
      .trimEnd()
      .split('\n')
      .map(line => line.replace(/^\S /u, ''))
  return {stdout: lines(written.stdout()), stderr: lines(written.stderr())}
}

test('each step is a line, what is told meanwhile stands below it, and the verdict is last', async () => {
  const {stdout} = await linesOf(
    ...overlayDone,
    qemuStarted,
    {type: 'notice', text: 'The guest is emulated'},
    {type: 'step-done', step: 'qemu', title: 'QEMU: x86_64'},
    {type: 'verdict', verdict: {name: 'completed', exitCode: 0}, seconds: 2},
  )
  expect(stdout).toEqual([
    'Overlay',
    'Overlay: 1 GiB on a.qcow2',
    'QEMU',
    'The guest is emulated',
    'QEMU: x86_64',
    'completed after 2s',
  ])
})

test('after a step that failed the others are drawn as well', async () => {
  const {stdout, stderr} = await linesOf(
    {type: 'step-started', step: 'overlay', title: 'Overlay'},
    {type: 'step-failed', step: 'overlay', title: 'Overlay', message: 'no disk'},
    qemuStarted,
    {type: 'step-done', step: 'qemu', title: 'QEMU: x86_64'},
    {type: 'verdict', verdict: {name: 'infra-failed', exitCode: 1}, seconds: 2},
  )
  expect(stderr).toEqual([expect.stringContaining('Overlay')])
  expect(stdout.slice(-2)).toEqual(['QEMU: x86_64', 'infra-failed after 2s (exit code 1)'])
})

test('what is told when every step is done stands between them and the verdict', async () => {
  const {stdout} = await linesOf(
    ...overlayDone,
    qemuStarted,
    {type: 'step-done', step: 'qemu', title: 'QEMU: x86_64'},
    {type: 'notice', text: 'Nobody took the verdict'},
    {type: 'notice', text: 'Nobody at all'},
    {type: 'verdict', verdict: {name: 'completed', exitCode: 0}, seconds: 2},
  )
  expect(stdout.slice(-4)).toEqual([
    'QEMU: x86_64',
    'Nobody took the verdict',
    'Nobody at all',
    'completed after 2s',
  ])
})

test('the clock that shows the time stops with the run', async () => {
  vi.useFakeTimers({toFake: ['setInterval', 'clearInterval']})
  captured()
  const terminal = new Terminal()
  for (const event of [started, ...overlayDone, qemuStarted]) {
    terminal.listener(event)
  }

  terminal.listener({type: 'machine-running', pid: 42, accelerator: 'tcg', timeoutSeconds: 90})
  expect(vi.getTimerCount()).toBe(1)
  terminal.listener({type: 'step-done', step: 'qemu', title: 'QEMU: x86_64'})
  await terminal.finish()
  expect(vi.getTimerCount()).toBe(0)
})

/** What listr2 makes of a row; it draws nothing of it. */
function listOf(row: StepRow) {
  return new Listr<unknown, 'default', 'silent'>([row.task], {
    fallbackRenderer: 'silent',
    fallbackRendererCondition: true,
    exitOnError: false,
  })
}

/** What would be drawn of a row once it is settled. */
async function drawn(row: StepRow) {
  const list = listOf(row)
  await list.run()
  const [task] = list.tasks
  return {title: task?.title, state: task?.state, note: task?.output}
}

const done = {type: 'step-done', step: 'overlay', title: 'Overlay: 1 GiB'} as const

test.each([
  ['done', done, 'COMPLETED'],
  ['failed', {type: 'step-failed', step: 'overlay', title: 'Overlay', message: 'no disk'}, 'FAILED'],
  ['skipped', {type: 'step-skipped', step: 'overlay', title: 'Overlay'}, 'SKIPPED'],
] as const)('the row of a step that is %s says so, under the title of its end', async (_, ending, state) => {
  const row = stepRow('about to')
  const whole = drawn(row)
  row.settle(ending)
  expect(await whole).toMatchObject({title: ending.title, state})
})

test('a row lasts until its step has ended', async () => {
  const row = stepRow('Overlay')
  let ended = false
  const whole = drawn(row).then(() => {
    ended = true
  })
  await new Promise(setImmediate)
  expect(ended).toBe(false)
  row.settle(done)
  await whole
})

test('what comes before the row is drawn is drawn with it, in its order', async () => {
  const row = stepRow('Overlay')
  row.busyWith('thinking')
  row.note('a note')
  row.settle(done)
  expect(await drawn(row)).toEqual({title: done.title, state: 'COMPLETED', note: 'a note'})
})

test('what the step is busy with stands behind its title', async () => {
  const row = stepRow('QEMU')
  const list = listOf(row)
  const whole = list.run()
  row.busyWith('starting')
  await new Promise(setImmediate)
  expect(list.tasks[0]?.title).toBe('QEMU: starting')
  row.busyWith('about to run')
  await new Promise(setImmediate)
  expect(list.tasks[0]?.title).toBe('QEMU: about to run')
  row.settle(done)
  await whole
})

test('nothing in a row can act on a terminal', async () => {
  const row = stepRow('Overlay')
  row.note(hostile)
  row.settle({...done, title: hostile})
  const {title, note} = await drawn(row)
  expect(`${title}${note}`).toContain('title')
  expect(`${title}${note}`).not.toMatch(unprintable)
})
