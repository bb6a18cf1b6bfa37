import {expect, test, vi} from 'vitest'
import {now, Trace} from '../../src/tracing/trace.js'

const {pid} = process

/** Sets the clock of the trace, in milliseconds, until the test ends. */
function at(milliseconds: number): void {
  vi.spyOn(performance, 'now').mockReturnValue(milliseconds)
}

/** What is in a trace beside the names of its rows. */
function timed(trace: Trace): readonly object[] {
  return trace.finish().filter(event => !('ph' in event && event.ph === 'M'))
}

test('something that went on is a complete event, in microseconds, with what is known of it', () => {
  const trace = new Trace()
  at(1.25)
  const span = trace.begin('run', 'overlay')
  span.args = {pid: 7}
  at(3.5)
  trace.end(span, {outcome: 'done'})
  expect(timed(trace)).toEqual([
    {
      name: 'overlay',
      cat: 'run',
      ph: 'X',
      ts: 1250,
      dur: 2250,
      pid,
      tid: pid,
      args: {pid: 7, outcome: 'done'},
    },
  ])
})

test('something that happened is an instant event', () => {
  const trace = new Trace()
  at(2)
  trace.mark('run', 'verdict', {exitCode: 0})
  expect(timed(trace)).toEqual([
    {name: 'verdict', cat: 'run', ph: 'i', s: 't', ts: 2000, pid, tid: pid, args: {exitCode: 0}},
  ])
})

test('what still goes on ends with the trace, and says so', () => {
  const trace = new Trace()
  at(0)
  trace.begin('process', 'qemu').args = {pid: 7}
  at(5)
  expect(timed(trace)).toMatchObject([{ts: 0, dur: 5000, args: {pid: 7, unfinished: true}}])
})

test('nothing lasts less than no time', () => {
  const trace = new Trace()
  const ts = now()
  trace.end(trace.begin('phase', 'node', ts), {}, ts - 1)
  expect(timed(trace)).toMatchObject([{ts, dur: 0}])
})

test('each row has a name and a place, and what goes on side by side has rows of its own', () => {
  const trace = new Trace()
  const outer = trace.begin('phase', 'start')
  const inner = trace.begin('phase', 'node')
  const spans = [trace.begin('qmp', 'stop'), trace.begin('qmp', 'quit')]
  for (const span of spans) {
    trace.end(span)
  }
  const later = trace.begin('qmp', 'cont')
  const [first, second] = [2 ** 22 + 1, 2 ** 22 + 2]
  expect([outer, inner, ...spans, later].map(({tid}) => tid)).toEqual([pid, pid, first, second, first])
  expect(trace.finish()).toEqual(
    expect.arrayContaining([
      {name: 'process_name', ph: 'M', pid, tid: pid, args: {name: 'vmrun'}},
      ...[[pid, 'vmrun'] as const, [first, 'QMP'] as const, [second, 'QMP 2'] as const].flatMap(
        ([tid, name]) => [
          {name: 'thread_name', ph: 'M', pid, tid, args: {name}},
          {name: 'thread_sort_index', ph: 'M', pid, tid, args: {sort_index: tid}},
        ],
      ),
    ]),
  )
})
