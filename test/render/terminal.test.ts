import {stripVTControlCharacters} from 'node:util'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import type {RunEvent} from '../../src/contract/events.js'
import {Terminal} from '../../src/render/terminal.js'
import {captured} from '../start/captured.js'
import {hostile, unprintable} from './every-event.js'

const isTerminal = process.stdout.isTTY

// Where there is no terminal, listr2 writes each of its lines once.
beforeEach(() => {
  process.stdout.isTTY = false
})
afterEach(() => {
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
const qemuDone: RunEvent = {type: 'step-done', step: 'qemu', title: 'QEMU: x86_64'}
const completed: RunEvent = {type: 'verdict', verdict: {name: 'completed', exitCode: 0}, seconds: 2}

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
    qemuDone,
    completed,
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
    qemuDone,
    {type: 'verdict', verdict: {name: 'infra-failed', exitCode: 1}, seconds: 2},
  )
  expect(stderr).toEqual([expect.stringContaining('Overlay')])
  expect(stdout.slice(-2)).toEqual(['QEMU: x86_64', 'infra-failed after 2s (exit code 1)'])
})

test('what is told when every step is done stands between them and the verdict', async () => {
  const {stdout} = await linesOf(
    ...overlayDone,
    qemuStarted,
    qemuDone,
    {type: 'notice', text: 'Nobody took the verdict'},
    {type: 'notice', text: 'Nobody at all'},
    completed,
  )
  expect(stdout.slice(-4)).toEqual([
    'QEMU: x86_64',
    'Nobody took the verdict',
    'Nobody at all',
    'completed after 2s',
  ])
})

test('a step that is skipped holds nothing up', async () => {
  const skipped = {type: 'step-skipped', step: 'qemu', title: 'QEMU'} as const
  const {stdout} = await linesOf(...overlayDone, qemuStarted, skipped, completed)
  expect(stdout.slice(-2)).toEqual(['QEMU', 'completed after 2s'])
})

test('nothing that is drawn can act on a terminal', async () => {
  const {stdout} = await linesOf(
    {type: 'step-started', step: 'overlay', title: hostile},
    {type: 'notice', text: hostile},
    {type: 'step-done', step: 'overlay', title: hostile},
    qemuStarted,
    {type: 'step-failed', step: 'qemu', title: hostile, message: hostile},
  )
  expect(stdout.filter(line => line.includes('title'))).toHaveLength(2)
  for (const line of stdout) {
    expect(line).not.toMatch(unprintable)
  }
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
  terminal.listener(qemuDone)
  await terminal.finish()
  expect(vi.getTimerCount()).toBe(0)
})
