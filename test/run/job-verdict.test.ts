import {expect, test} from 'vitest'
import {GuestError, HostError} from '../../src/errors/errors.js'
import {begin, ofType} from './sample-run.js'
import {alwaysStep, step} from './sample-step.js'

/** A step in which the guest says something, and then something else happens. */
function guestSays(lines: string, then: () => void = () => undefined) {
  return step('qemu', run => {
    run.guest.hear(Buffer.from(lines))
    then()
  })
}

test.each([
  ['exit 0\n', 'completed', 0],
  ['exit 7\n', 'job-failed', 4],
  ['exit 7\nexit 0\n', 'job-failed', 4],
  ['ready\nbusy\n', 'completed', 0],
  ['exit 256\n', 'completed', 0],
])('a guest that says %j is %s', async (lines, name, exitCode) => {
  expect(await begin(guestSays(lines)).verdict).toMatchObject({name, exitCode})
})

test('whoever asks the run to stop after the end of the job changes nothing of the verdict', async () => {
  const {verdict} = begin(
    step('qemu', run => {
      run.guest.hear(Buffer.from('exit 0\n'))
      run.stop.request('interrupted')
    }),
  )
  expect(await verdict).toMatchObject({name: 'completed', exitCode: 0, job: {exitCode: 0}})
})

test('a job that ends while the run is stopped is told, and decides nothing', async () => {
  const {verdict} = begin(
    step('qemu', run => {
      run.stop.request('timed-out')
      run.guest.hear(Buffer.from('exit 143\n'))
    }),
  )
  expect(await verdict).toMatchObject({name: 'timed-out', exitCode: 124, job: {exitCode: 143}})
})

test.each([
  [new HostError('the image was written to'), 'infra-failed', 1],
  [new GuestError('the guest panicked'), 'guest-failed', 3],
])('what fails in a step all the same decides: %s', async (error, name, exitCode) => {
  const fail = (): never => {
    throw error
  }
  expect(await begin(guestSays('exit 7\n', fail)).verdict).toMatchObject({name, exitCode, job: {exitCode: 7}})
})

test('a verdict holds the last that was printed, unless the run is completed', async () => {
  const print = (code: number) =>
    step('qemu', run => {
      run.console.keep(Buffer.from('booted\r\n'))
      run.log.keep(Buffer.from('building\nfailed\n'))
      run.guest.hear(Buffer.from(`exit ${code}\n`))
    })
  expect(await begin(print(7)).verdict).toMatchObject({
    consoleTail: ['booted'],
    logTail: ['building', 'failed'],
  })
  expect(await begin(print(0)).verdict).toEqual({name: 'completed', exitCode: 0, job: {exitCode: 0}})
})

test('a step sees each event that comes from then on, the verdict last', async () => {
  const seen: string[] = []
  const {verdict, events} = begin(
    step('first', run => run.onEvent(({type}) => seen.push(type))),
    guestSays('ready\nstatus cloning\n'),
    alwaysStep('last'),
  )
  await verdict
  await new Promise(setImmediate)
  expect(seen).toEqual(events.slice(2).map(({type}) => type))
  expect(seen).toContain('guest-status')
  expect(seen.at(-1)).toBe('verdict')
  expect(ofType(events, 'guest-ready')).toHaveLength(1)
})
