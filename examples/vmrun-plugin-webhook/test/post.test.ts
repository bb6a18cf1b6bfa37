import {expect, test} from 'vitest'
import {post} from '../src/post.js'
import {hangUp, silence, status, urlOfNobody, webServer} from './web-server.js'

const {signal: never} = new AbortController()
const patience = {attemptLimit: 60_000, pauses: [1, 1, 1]}

function send(url: string): Promise<string | undefined> {
  return post(url, '{"run":"1"}', never, patience)
}

test('what is accepted at once is sent once', async () => {
  const {url, received} = await webServer(status(204))
  expect(await send(url)).toBeUndefined()
  expect(received).toEqual([
    {
      method: 'POST',
      path: '/hook?key=secret',
      headers: expect.objectContaining({'content-type': 'application/json'}),
      body: '{"run":"1"}',
    },
  ])
})

test.each([
  ['hangs up', hangUp],
  ['is asked too often', status(429)],
  ['fails', status(500)],
  ['is overloaded', status(503)],
])('a server that %s is asked again until it accepts', async (_, answer) => {
  const {url, received} = await webServer(answer, answer, status(200))
  expect(await send(url)).toBeUndefined()
  expect(received).toHaveLength(3)
})

test('a server that does not answer in time is asked again', async () => {
  const {url, received} = await webServer(silence, status(200))
  // The limit is short for who never answers, and might be so for who does: there are attempts to spare.
  expect(await post(url, '', never, {attemptLimit: 1000, pauses: new Array(20).fill(1)})).toBeUndefined()
  expect(received.length).toBeGreaterThanOrEqual(2)
})

test.each([
  ['fails', 'it answered 503, at the last of 4 attempts', status(503)],
  ['hangs up', 'no connection (UND_ERR_SOCKET), at the last of 4 attempts', hangUp],
])('a server that always %s is given up after the last attempt', async (_, why, answer) => {
  const {url, received} = await webServer(answer)
  expect(await send(url)).toBe(why)
  expect(received).toHaveLength(4)
})

test('a server that never answers is given up, and the limit is told', async () => {
  const {url} = await webServer(silence)
  expect(await post(url, '', never, {attemptLimit: 50, pauses: [1]})).toBe(
    'no answer within 0.05 seconds, at the last of 2 attempts',
  )
})

test('where nobody listens, that is told', async () => {
  expect(await send(await urlOfNobody())).toBe('no connection (ECONNREFUSED), at the last of 4 attempts')
})

test('a URL that fetch refuses is not tried again', async () => {
  // Of all ports it refuses some, such as the one of SSH, so that no page can talk to what listens there.
  expect(await send('http://127.0.0.1:22/hook?key=secret')).toBe(
    'the URL has a port that must not be used, or something else is wrong with it',
  )
})

test.each([400, 401, 404, 410])('a server that answers %s is not asked again', async code => {
  const {url, received} = await webServer(status(code), status(200))
  expect(await send(url)).toBe(`it answered ${code}`)
  expect(received).toHaveLength(1)
})

test.each([301, 302, 307, 308])('a redirect by %s is not followed: nobody else gets the body', async code => {
  const other = await webServer(status(200))
  const {url, received} = await webServer(status(code, {location: other.url}))
  expect(await send(url)).toBe(`it answered ${code}, and redirects are not followed`)
  expect(received).toHaveLength(1)
  expect(other.received).toEqual([])
})

test('nobody waits for an answer once that is called off', async () => {
  const {url, received, next} = await webServer(silence)
  const calledOff = new AbortController()
  const posted = post(url, '', calledOff.signal, patience)
  await next()
  calledOff.abort()
  expect(await posted).toBe('nobody waited for its answer')
  expect(received).toHaveLength(1)
})

test('nobody waits for the next attempt once that is called off', async () => {
  const {url, received, next} = await webServer(status(503))
  const calledOff = new AbortController()
  const posted = post(url, '', calledOff.signal, {...patience, pauses: [1, 2 ** 31 - 1]})
  await next()
  await next()
  calledOff.abort()
  expect(await posted).toMatch(
    /^(it answered 503, and nobody waited for attempt 3|nobody waited for its answer)$/u,
  )
  expect(received).toHaveLength(2)
})
