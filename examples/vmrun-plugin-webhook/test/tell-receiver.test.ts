import {expect, test} from 'vitest'
import {GuestError, HostError} from 'vmrun'
import {tellReceiver} from '../src/tell-receiver.js'
import {status, urlOfNobody, webServer} from './web-server.js'

const patience = {attemptLimit: 60_000, pauses: [1]}
const {signal} = new AbortController()
const completed = {verdict: {name: 'completed', exitCode: 0}, seconds: 1.234_567_8, signal} as const

function endedRun(webhook: unknown) {
  return {id: '8e6b304d077e', instance: {name: 'vm-1'}, contributed: {webhook}}
}

test('the receiver gets the run, its instance and its verdict', async () => {
  const {url, received} = await webServer(status(200))
  await tellReceiver(endedRun({url}), completed)
  expect(received.map(({body}) => JSON.parse(body))).toEqual([
    {run: '8e6b304d077e', instance: 'vm-1', verdict: 'completed', exitCode: 0, seconds: 1.235},
  ])
})

test('it gets how the job ended, and nothing that the guest printed', async () => {
  const {url, received} = await webServer(status(200))
  const told = {job: {exitCode: 7}, readySeconds: 2.1, busySeconds: 5.5}
  const verdict = {
    name: 'job-failed',
    exitCode: 4,
    ...told,
    consoleTail: ['secret'],
    logTail: ['secret'],
  } as const
  await tellReceiver(endedRun({url}), {...completed, verdict})
  const [body] = received.map(request => JSON.parse(request.body))
  expect(body).toEqual(expect.objectContaining({verdict: 'job-failed', exitCode: 4, ...told}))
  expect(JSON.stringify(body)).not.toContain('secret')
})

test.each([
  [
    'and what to do about it',
    new HostError('no disk', {hint: 'Buy one.'}),
    {message: 'no disk', hint: 'Buy one.'},
  ],
  ['where nothing can be done', new GuestError('the guest panicked'), {message: 'the guest panicked'}],
])('it gets what went wrong, %s', async (_, error, expected) => {
  const {url, received} = await webServer(status(200))
  const verdict = {name: 'infra-failed', exitCode: 1, error} as const
  await tellReceiver(endedRun({url}), {...completed, verdict})
  expect(received.map(({body}) => JSON.parse(body))).toEqual([
    expect.objectContaining({verdict: 'infra-failed', exitCode: 1, error: expected}),
  ])
})

test('an instance without the key sends nothing', async () => {
  await expect(tellReceiver(endedRun(undefined), completed)).resolves.toBeUndefined()
})

test('a receiver that does not take it is an error with its name, and no more of its URL', async () => {
  await expect(tellReceiver(endedRun({url: await urlOfNobody()}), completed, patience)).rejects.toThrow(
    expect.objectContaining({
      name: 'HostError',
      message:
        'Webhook: 127.0.0.1 was not told how the run ended: no connection (ECONNREFUSED), at the last of 2 attempts',
    }),
  )
})
