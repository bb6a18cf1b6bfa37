import {expect, test} from 'vitest'
import type {RunEvent} from '../../src/contract/events.js'
import {traceRunEvents} from '../../src/tracing/run-trace.js'
import {Trace, type TraceEvent} from '../../src/tracing/trace.js'
import {everyEvent} from '../render/every-event.js'

function traceOf(...told: readonly RunEvent[]): readonly TraceEvent[] {
  const trace = new Trace()
  const listener = traceRunEvents(trace)
  for (const event of told) {
    listener(event)
  }

  return trace.events().filter(({ph}) => ph !== 'M')
}

test.each([
  ['done', {type: 'step-done', step: 'overlay', title: 'Overlay: made'}],
  ['failed', {type: 'step-failed', step: 'overlay', title: 'Overlay', message: 'no space'}],
  ['skipped', {type: 'step-skipped', step: 'overlay', title: 'Overlay'}],
] satisfies [string, RunEvent][])('a step is there, and that it was %s', (outcome, last) => {
  expect(traceOf({type: 'step-started', step: 'overlay', title: 'Overlay'}, last)).toMatchObject([
    {name: 'overlay', cat: 'step', ph: 'X', args: {outcome}},
  ])
})

test('a step that never began is not there', () => {
  expect(traceOf({type: 'step-skipped', step: 'overlay', title: 'Overlay'})).toEqual([])
})

test('steps that run side by side are told apart', () => {
  const events = traceOf(
    {type: 'step-started', step: 'overlay', title: 'Overlay'},
    {type: 'step-started', step: 'config-disk', title: 'Config disk'},
    {type: 'step-done', step: 'overlay', title: 'Overlay'},
    {type: 'step-failed', step: 'config-disk', title: 'Config disk', message: 'no'},
  )
  expect(events).toMatchObject([
    {name: 'overlay', args: {outcome: 'done'}},
    {name: 'config-disk', args: {outcome: 'failed'}},
  ])
  expect(events[0]?.tid).not.toBe(events[1]?.tid)
})

test('what others wrote is in no event', () => {
  const text = 'hunter2'
  const events = traceOf(
    {type: 'step-started', step: 'mine', title: text},
    {type: 'step-progress', step: 'mine', text},
    {type: 'step-failed', step: 'mine', title: text, message: text},
    {type: 'notice', text},
  )
  expect(events.map(({name}) => name)).toEqual(['mine', 'notice'])
  expect(JSON.stringify(events)).not.toContain(text)
})

test('whatever else happens is an instant event', () => {
  const instants = traceOf(...everyEvent('text')).filter(({ph}) => ph === 'i')
  expect(new Set(instants.map(({name}) => name))).toEqual(
    new Set([
      ...['run-started', 'notice', 'machine-running', 'guest-rebooted', 'config-disk-ejected'],
      ...['deadline-near', 'shutting-down', 'verdict'],
    ]),
  )
  expect(instants).toContainEqual(
    expect.objectContaining({name: 'verdict', args: {verdict: 'guest-failed', exitCode: 3, seconds: 1.25}}),
  )
})
