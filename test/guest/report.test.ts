import fc from 'fast-check'
import {beforeEach, describe, expect, test, vi} from 'vitest'
import type {RunEvent} from '../../src/contract/events.js'
import {ofType, sampleRun} from '../run/sample-run.js'
import {ScriptedMachine} from '../run/scripted-machine.js'

beforeEach(() => {
  vi.useFakeTimers()
})

/** A run whose guest started just now. */
function listening(timeout = 600) {
  const {run, events} = sampleRun({instance: {'timeout-seconds': timeout}})
  run.running = {machine: new ScriptedMachine({}), accelerator: 'tcg', since: performance.now()}
  const say = (...lines: readonly string[]): void => {
    run.guest.hear(Buffer.from(lines.map(line => `${line}\n`).join('')))
  }
  return {run, guest: run.guest, events, say}
}

test('each word is an event, and what came of it is told with the verdict', () => {
  const {guest, events, say} = listening()
  vi.advanceTimersByTime(2100)
  say('ready')
  vi.advanceTimersByTime(1000)
  say('busy', 'status cloning a repository')
  vi.advanceTimersByTime(5000)
  say('idle')
  vi.advanceTimersByTime(1000)
  say('busy')
  vi.advanceTimersByTime(500)
  say('exit 7')
  vi.advanceTimersByTime(500)
  expect(events).toEqual([
    {type: 'guest-ready', seconds: 2.1},
    {type: 'guest-busy', remainingSeconds: 600},
    {type: 'guest-status', text: 'cloning a repository'},
    {type: 'guest-idle'},
    {type: 'guest-busy', remainingSeconds: 594},
    {type: 'job-ended', exitCode: 7},
  ])
  expect(guest.account()).toEqual({job: {exitCode: 7}, readySeconds: 2.1, busySeconds: 5.5})
})

test('of a guest that says nothing nothing is told', () => {
  const {guest, events} = listening()
  expect(guest.account()).toEqual({})
  expect(events).toEqual([])
})

test('a guest that is still busy has been so until now', () => {
  const {guest, say} = listening()
  say('busy')
  vi.advanceTimersByTime(1500)
  expect(guest.account()).toEqual({busySeconds: 1.5})
})

test('whoever waits for a change is told of each, and of no status', () => {
  const {guest, say} = listening()
  const changed = vi.fn()
  guest.onChange(changed)
  say('status a', 'hm')
  expect(changed).not.toHaveBeenCalled()
  for (const word of ['ready', 'busy', 'idle', 'exit 0']) {
    say(word)
  }

  expect(changed).toHaveBeenCalledTimes(4)
})

describe('what changes nothing is counted:', () => {
  test.each([
    ['no words', ['', 'hm', 'exit 256', 'exit', 'ready now'], 5],
    ['what was said before', ['ready', 'ready', 'busy', 'busy', 'idle', 'idle'], 3],
    ['a guest that is idle before it was busy', ['idle'], 1],
    [
      'whatever comes after the first exit, but what it does',
      ['exit 1', 'exit 0', 'busy', 'ready', 'status bye'],
      3,
    ],
  ])('%s', (_, lines, ignoredLines) => {
    const {guest, say} = listening()
    say(...lines)
    expect(guest.account().ignoredLines).toBe(ignoredLines)
  })

  test('a thousand exits, of which the first counts', () => {
    const {guest, events, say} = listening()
    say('exit 3', ...Array.from({length: 1000}, (_, code) => `exit ${code % 256}`))
    expect(guest.exitCode).toBe(3)
    expect(ofType(events, 'job-ended')).toEqual([{type: 'job-ended', exitCode: 3}])
    expect(guest.account()).toMatchObject({job: {exitCode: 3}, ignoredLines: 1000})
  })

  test('more words than anybody reads, though never the first ready and the first exit', () => {
    const {guest, events, say} = listening()
    say(...Array.from({length: 5000}, (_, index) => `status ${index}`), 'busy', 'ready', 'exit 7')
    expect(ofType(events, 'guest-status')).toHaveLength(4000)
    expect(ofType(events, 'guest-busy')).toEqual([])
    expect(guest).toMatchObject({exitCode: 7, busyAt: undefined, readyAt: performance.now()})
    expect(guest.account().ignoredLines).toBe(1001)
    vi.advanceTimersByTime(1000)
    say(...Array.from({length: 30}, (_, index) => `status ${index}`))
    expect(ofType(events, 'guest-status')).toHaveLength(4020)
  })
})

test('an exit after the run was asked to stop decides nothing', () => {
  const {run, guest, say} = listening()
  run.stop.request('timed-out')
  say('exit 143')
  expect(guest).toMatchObject({exitCode: 143, decisiveExitCode: undefined})
  expect(guest.account()).toEqual({job: {exitCode: 143}})
})

const word = fc.constantFrom('ready', 'busy', 'idle', 'exit 7', 'exit 300', 'status x', 'hm', '')

test('whatever a guest says, each line is an event or counted, and nobody is told that the job ended more than once', () => {
  fc.assert(
    fc.property(fc.array(word), lines => {
      const {guest, events, say} = listening()
      say(...lines)
      expect(events.length + (guest.account().ignoredLines ?? 0)).toBe(lines.length)
      expect(ofType(events, 'job-ended').length).toBeLessThanOrEqual(1)
      expect(guest.exitCode).toBe(lines.includes('exit 7') ? 7 : undefined)
      expect(alternates(events)).toBe(true)
    }),
  )
})

/** Whether a guest is busy before it is idle, and the other way round. */
function alternates(events: readonly RunEvent[]): boolean {
  const turns = events.map(({type}) => type).filter(type => type === 'guest-busy' || type === 'guest-idle')
  return turns.every((type, index) => type === (index % 2 === 0 ? 'guest-busy' : 'guest-idle'))
}
