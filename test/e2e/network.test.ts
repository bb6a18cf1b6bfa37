import {connect} from 'node:net'
import {text} from 'node:stream/consumers'
import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {freePort, servedPort} from '../ports.js'
import {eventsOf, Host} from './host.js'

/** A port of the host's loopback that sends a greeting to whoever connects. */
async function greetingPort(): Promise<number> {
  return await servedPort(socket => socket.end('greetings from the host'))
}

/** A Linux guest that connects to a port of the host's loopback, and then waits. */
async function fetching(port: number, keys: object): Promise<object> {
  return {
    name: 'vm-1',
    image: await guestImage('linux-x86_64'),
    config: {fetch: `10.0.2.2:${port}`, action: 'wait'},
    ...keys,
  }
}

test('on user, a guest reaches what listens on the host’s loopback', async () => {
  const host = await Host.with(await fetching(await greetingPort(), {network: 'user'}))
  const run = host.start('run', 'vm-1', '--console', 'stdout')
  await run.printed(/guest: waiting/u)
  expect(run.stdout).toContain('guest: fetched greetings from the host')
  run.signal('SIGTERM')
  await run.ended
})

test('on isolated, it reaches nothing of the host, while its forwarded port answers', async () => {
  const sshPort = await freePort()
  const host = await Host.with(
    await fetching(await greetingPort(), {network: 'isolated', 'ssh-port': sshPort}),
  )
  const run = host.start('run', 'vm-1', '--console', 'stdout')
  await run.printed(/guest: waiting/u)
  expect(run.stdout).toContain('guest: address 10.0.2.15')
  expect(run.stdout).toContain('guest: fetch failed: ')
  expect(await text(connect(sshPort, '127.0.0.1'))).toBe('hello from vm-1\n')
  run.signal('SIGTERM')
  await run.ended
})

test('on none, it has no network card', async () => {
  const host = await Host.with(await fetching(await greetingPort(), {network: 'none'}))
  const run = host.start('run', 'vm-1', '--console', 'stdout')
  await run.printed(/guest: waiting/u)
  expect(run.stdout).toContain('guest: no network card')
  expect(run.stdout).not.toContain('guest: address')
  run.signal('SIGTERM')
  await run.ended
})

test('an ssh-port that is in use is said to be, and by which port', async () => {
  const port = await servedPort()
  const host = await Host.with({name: 'vm-1', 'ssh-port': port})
  const {exitCode, stderr} = await host.vmrun('run', 'vm-1')
  expect(stderr).toContain(`ssh-port: port ${port} of 127.0.0.1 is in use by another program`)
  expect(stderr).toContain(`ss -ltnp 'sport = :${port}'`)
  expect(exitCode).toBe(1)
  await host.expectNothingLeft()
})

test('an ssh-port that is in use is in the JSON, too', async () => {
  const port = await servedPort()
  const host = await Host.with({name: 'vm-1', 'ssh-port': port})
  const ending = await host.vmrun('run', 'vm-1', '--json')
  expect(eventsOf(ending).at(-1)).toMatchObject({
    verdict: 'infra-failed',
    error: {message: `ssh-port: port ${port} of 127.0.0.1 is in use by another program`},
  })
})
