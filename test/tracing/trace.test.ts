import {expect, test} from 'vitest'
import {Trace} from '../../src/tracing/trace.js'
import type {TraceEvent} from '../../src/tracing/trace-event.js'

/** A trace whose time, in milliseconds, is what the test says. */
function traceAt(): {readonly trace: Trace; readonly at: (milliseconds: number) => Trace} {
  let now = 0
  const trace = new Trace(() => now)
  return {
    trace,
    at: milliseconds => {
      now = milliseconds
      return trace
    },
  }
}

function timed(trace: Trace): readonly TraceEvent[] {
  return trace.events().filter(({ph}) => ph !== 'M')
}

test('something that went on is a complete event, in microseconds', () => {
  const {trace, at} = traceAt()
  const span = at(1.25).begin('overlay', trace.rows.own, {category: 'step', details: {pid: 7}})
  at(3.5)
  span.end({outcome: 'done'})
  const {pid} = process
  expect(timed(trace)).toEqual([
    {
      name: 'overlay',
      cat: 'step',
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
  const {trace, at} = traceAt()
  at(2).mark('RESUME', trace.rows.own, {category: 'qmp'})
  const {pid} = process
  expect(timed(trace)).toEqual([
    {name: 'RESUME', cat: 'qmp', ph: 'i', s: 't', ts: 2000, pid, tid: pid, args: {}},
  ])
})

test('the process and each row have a name and a place, before everything else', () => {
  const {trace} = traceAt()
  trace.mark('one', trace.rows.named('QMP events'), {category: 'qmp'})
  const {pid} = process
  const tid = trace.rows.named('QMP events').id
  expect(trace.events().slice(0, -1)).toEqual([
    {name: 'process_name', ph: 'M', pid, tid: pid, args: {name: 'vmrun'}},
    {name: 'thread_name', ph: 'M', pid, tid: pid, args: {name: 'vmrun'}},
    {name: 'thread_sort_index', ph: 'M', pid, tid: pid, args: {sort_index: 0}},
    {name: 'thread_name', ph: 'M', pid, tid, args: {name: 'QMP events'}},
    {name: 'thread_sort_index', ph: 'M', pid, tid, args: {sort_index: 1}},
  ])
})

test('events are in the order of their time, and what holds another comes before it', () => {
  const {trace, at} = traceAt()
  const {own} = trace.rows
  const inner = at(1).begin('inner', own, {category: 'phase', since: 0})
  at(2)
  inner.end()
  at(2.5).mark('mark', own, {category: 'run'})
  at(3).add('outer', own, {category: 'phase', since: 0, until: 3})
  expect(timed(trace).map(({name}) => name)).toEqual(['outer', 'inner', 'mark'])
})

test('what holds another does so in whole microseconds too', () => {
  const {trace} = traceAt()
  const {own} = trace.rows
  trace.add('outer', own, {category: 'phase', since: 0.0014, until: 0.0036})
  trace.add('inner', own, {category: 'phase', since: 0.0016, until: 0.0036})
  expect(timed(trace)).toMatchObject([
    {name: 'outer', ts: 1, dur: 3},
    {name: 'inner', ts: 2, dur: 2},
  ])
})

test('what still goes on ends with the trace, and says so', () => {
  const {trace, at} = traceAt()
  trace.begin('qemu', trace.rows.own, {category: 'process', details: {pid: 7}})
  at(5)
  expect(timed(trace)).toMatchObject([{name: 'qemu', ts: 0, dur: 5000, args: {pid: 7, unfinished: true}}])
})

test('something ends once', () => {
  const {trace, at} = traceAt()
  const span = trace.begin('overlay', trace.rows.own, {category: 'step'})
  at(1)
  span.end({outcome: 'failed'})
  at(2)
  span.end({outcome: 'done'})
  expect(timed(trace)).toMatchObject([{dur: 1000, args: {outcome: 'failed'}}])
})

test('nothing lasts less than no time', () => {
  const {trace} = traceAt()
  trace.add('node', trace.rows.own, {category: 'phase', since: 5, until: 2})
  expect(timed(trace)).toMatchObject([{ts: 5000, dur: 0}])
})

test('what goes on side by side is in rows of its own', () => {
  const {trace, at} = traceAt()
  const first = at(1).beginBeside('overlay', 'steps', {category: 'step'})
  const second = at(2).beginBeside('config-disk', 'steps', {category: 'step'})
  at(3)
  first.end()
  second.end()
  at(4).beginBeside('qemu', 'steps', {category: 'step'}).end()
  const [, one, two] = trace.rows.all()
  expect([one?.name, two?.name]).toEqual(['steps', 'steps 2'])
  expect(timed(trace).map(({name, tid}) => [name, tid])).toEqual([
    ['overlay', one?.id],
    ['config-disk', two?.id],
    ['qemu', one?.id],
  ])
})
