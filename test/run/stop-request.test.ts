import {expect, test} from 'vitest'
import {StopRequest} from '../../src/run/stop-request.js'

function stateOf({signal, forceSignal, cause}: StopRequest): object {
  return {stop: signal.aborted, force: forceSignal.aborted, cause}
}

test('at first nobody asked', () => {
  expect(stateOf(new StopRequest())).toEqual({stop: false, force: false, cause: undefined})
})

test('the first request asks to stop in good order, and is the cause', () => {
  const stop = new StopRequest()
  stop.request('timed-out')
  expect(stateOf(stop)).toEqual({stop: true, force: false, cause: 'timed-out'})
})

test('the second request skips to the end, and changes nothing about the cause', () => {
  const stop = new StopRequest()
  stop.request('terminated')
  stop.request('interrupted')
  expect(stateOf(stop)).toEqual({stop: true, force: true, cause: 'terminated'})
})

test('further requests change nothing', () => {
  const stop = new StopRequest()
  for (const cause of ['interrupted', 'terminated', 'timed-out', 'interrupted'] as const) {
    stop.request(cause)
  }

  expect(stateOf(stop)).toEqual({stop: true, force: true, cause: 'interrupted'})
})

test('whoever hears of the request knows its cause already', () => {
  const stop = new StopRequest()
  let heard: string | undefined
  stop.signal.addEventListener('abort', () => {
    heard = stop.cause
  })
  stop.request('interrupted')
  expect(heard).toBe('interrupted')
})

test('the next request is whichever comes next', () => {
  const stop = new StopRequest()
  const first = stop.next()
  expect(first.aborted).toBe(false)
  stop.request('interrupted')
  const second = stop.next()
  expect([first.aborted, second.aborted]).toEqual([true, false])
  stop.request('interrupted')
  const third = stop.next()
  expect([second.aborted, third.aborted]).toEqual([true, false])
  stop.request('terminated')
  expect(third.aborted).toBe(true)
})

test('everybody who waits for the next request hears of it', () => {
  const stop = new StopRequest()
  const signals = [stop.next(), stop.next()]
  stop.request('interrupted')
  expect(signals.map(({aborted}) => aborted)).toEqual([true, true])
})

test('who waits for the next request once this one is told waits for the one after', () => {
  const stop = new StopRequest()
  let after: AbortSignal | undefined
  stop.next().addEventListener('abort', () => {
    after = stop.next()
  })
  stop.request('interrupted')
  expect(after?.aborted).toBe(false)
})
