import {connect} from 'node:net'
import {text} from 'node:stream/consumers'
import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {freePort, servedPort} from '../ports.js'
import {eventsOf, Host} from './host.js'

// What a guest reaches on `user` is in linux.test.ts.
test('on isolated, a guest reaches nothing of the host, while its forwarded port answers; on none it has no network card', async () => {
  const [port, sshPort] = [await servedPort(), await freePort()]
  const image = await guestImage('linux-x86_64')
  const config = {fetch: `10.0.2.2:${port}`, action: 'wait'}
  const host = await Host.with(
    {name: 'vm-1', image, config, network: 'isolated', 'ssh-port': sshPort},
    {name: 'vm-2', image, config, network: 'none'},
  )
  const [isolated, none] = ['vm-1', 'vm-2'].map(name => host.start('run', name, '--console', 'stdout'))
  await isolated?.printed(/guest: waiting/u)
  expect(isolated?.stdout).toContain('guest: address 10.0.2.15')
  expect(isolated?.stdout).toContain('guest: fetch failed: ')
  expect(await text(connect(sshPort, '127.0.0.1'))).toBe('hello from vm-1\n')
  await none?.printed(/guest: waiting/u)
  expect(none?.stdout).toContain('guest: no network card')
  expect(none?.stdout).not.toContain('guest: address')
  for (const run of [isolated, none]) {
    run?.signal('SIGTERM')
    await run?.ended
  }
})

test('an ssh-port that is in use is said to be, and by which port, in the JSON, too', async () => {
  const port = await servedPort()
  const message = `ssh-port: port ${port} of 127.0.0.1 is in use by another program`
  const host = await Host.with({name: 'vm-1', 'ssh-port': port})
  const {exitCode, stderr} = await host.vmrun('run', 'vm-1')
  expect(stderr).toContain(message)
  expect(stderr).toContain(`ss -ltnp 'sport = :${port}'`)
  expect(exitCode).toBe(1)
  const ending = await host.vmrun('run', 'vm-1', '--json')
  expect(eventsOf(ending).at(-1)).toMatchObject({verdict: 'infra-failed', error: {message}})
  await host.expectNothingLeft()
})
