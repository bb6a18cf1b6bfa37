import {expect, test} from 'vitest'
import {tracePhases} from '../../src/tracing/phases.js'
import {Trace} from '../../src/tracing/trace.js'

test('the phases follow one another: until the run begins, the run, and what is left behind the verdict', () => {
  let now = 30
  const trace = new Trace(() => now)
  const phases = tracePhases(trace, 20)
  now = 40
  phases.listener({type: 'run-started', run: '0123456789ab', instance: 'vm-1', steps: []})
  now = 50
  phases.listener({type: 'notice', text: 'a text'})
  now = 60
  phases.listener({type: 'verdict', verdict: {name: 'completed', exitCode: 0}, seconds: 0.02})
  now = 70
  phases.end()
  now = 80
  expect(trace.events().filter(({ph}) => ph !== 'M')).toMatchObject([
    {name: 'start', ts: 0, dur: 40_000},
    {name: 'prepare', ts: 20_000, dur: 20_000},
    {name: 'run', ts: 40_000, dur: 20_000},
    {name: 'end', ts: 60_000, dur: 10_000},
  ])
})
