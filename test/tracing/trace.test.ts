import {expect, test} from 'vitest'
import {ownRow, Trace, type TraceEvent} from '../../src/tracing/trace.js'

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
  const end = at(1.25).begin('overlay', 'step', ownRow, {details: {pid: 7}})
  at(3.5)
  end({outcome: 'done'})
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
  at(2).mark('RESUME', 'qmp', ownRow)
  const {pid} = process
  expect(timed(trace)).toEqual([
    {name: 'RESUME', cat: 'qmp', ph: 'i', s: 't', ts: 2000, pid, tid: pid, args: {}},
  ])
})

test('the process and each row have a name and a place, before everything else', () => {
  const {trace} = traceAt()
  trace.mark('one', 'qmp', {name: 'QMP events'})
  const {pid} = process
  const tid = trace.events().at(-1)?.tid
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
  const end = at(1).begin('inner', 'phase', ownRow, {since: 0})
  at(2)
  end()
  at(2.5).mark('mark', 'run', ownRow)
  at(3).add('outer', 'phase', 0, 3)
  expect(timed(trace).map(({name}) => name)).toEqual(['outer', 'inner', 'mark'])
})

test('what holds another does so in whole microseconds too', () => {
  const {trace} = traceAt()
  trace.add('outer', 'phase', 0.0014, 0.0036)
  trace.add('inner', 'phase', 0.0016, 0.0036)
  expect(timed(trace)).toMatchObject([
    {name: 'outer', ts: 1, dur: 3},
    {name: 'inner', ts: 2, dur: 2},
  ])
})

test('what still goes on ends with the trace, and says so', () => {
  const {trace, at} = traceAt()
  trace.begin('qemu', 'process', ownRow, {details: {pid: 7}})
  at(5)
  expect(timed(trace)).toMatchObject([{name: 'qemu', ts: 0, dur: 5000, args: {pid: 7, unfinished: true}}])
})

test('something ends once', () => {
  const {trace, at} = traceAt()
  const end = trace.begin('overlay', 'step', ownRow)
  at(1)
  end({outcome: 'failed'})
  at(2)
  end({outcome: 'done'})
  expect(timed(trace)).toMatchObject([{dur: 1000, args: {outcome: 'failed'}}])
})

test('nothing lasts less than no time', () => {
  const {trace} = traceAt()
  trace.add('node', 'phase', 5, 2)
  expect(timed(trace)).toMatchObject([{ts: 5000, dur: 0}])
})

test('what goes on side by side is in rows of its own', () => {
  const {trace, at} = traceAt()
  const steps = {name: 'steps'}
  const ends = [at(1).begin('overlay', 'step', steps), at(2).begin('config-disk', 'step', steps)]
  at(3)
  for (const end of ends) {
    end()
  }

  at(4).begin('qemu', 'step', steps)()
  const names = new Map(
    trace
      .events()
      .flatMap(({name, tid, args}) => (name === 'thread_name' ? [[tid, args['name']] as const] : [])),
  )
  expect(timed(trace).map(({name, tid}) => [name, names.get(tid)])).toEqual([
    ['overlay', 'steps'],
    ['config-disk', 'steps 2'],
    ['qemu', 'steps'],
  ])
})

test('a process has the row of its id, and another row an id that no process has', () => {
  const {trace} = traceAt()
  trace.begin('qemu', 'process', {name: 'qemu', pid: 7})()
  trace.mark('STOP', 'qmp', {name: 'QMP events'})
  const [qemu, stop] = timed(trace)
  expect(qemu?.tid).toBe(7)
  expect(stop?.tid).toBeGreaterThan(2 ** 22)
})
