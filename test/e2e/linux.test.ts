import {once} from 'node:events'
import {connect} from 'node:net'
import {text} from 'node:stream/consumers'
import {describe, expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {freePort} from '../ports.js'
import {sha256Of} from '../sha256.js'
import {eventsOf, Host} from './host.js'

describe.each(['x86_64', 'aarch64'] as const)('a Linux guest on %s', arch => {
  const instance = async (): Promise<object> => ({
    name: 'vm-1',
    arch,
    image: await guestImage(`linux-${arch}`),
  })

  test('boots, mounts its config disk by the label, reads it, ejects it, gets an address and shuts down', async () => {
    const host = await Host.with({
      ...(await instance()),
      config: {greeting: 'Grüße, "world"\n', list: [1, null, true]},
    })
    const run = host.start('run', 'vm-1', '--json', '--console', 'stdout')
    await run.printed(/"type":"config-disk-ejected"/u)
    const {exitCode, stdout, stderr} = await run.ended
    const content = '{"name":"vm-1","config":{"greeting":"Grüße, \\"world\\"\\n","list":[1,null,true]}}\n'
    expect(stderr).toContain(`guest: ${arch} ready`)
    expect(stderr.replaceAll('\r', '')).toContain(`guest: instance.json follows\n${content}`)
    expect(stderr).toContain(`guest: sha256 ${sha256Of(content)}`)
    expect(stderr).toContain('guest: ejected')
    expect(stderr).toContain('guest: address 10.0.2.15')
    expect(eventsOf({stdout}).at(-1)).toMatchObject({verdict: 'completed'})
    expect(exitCode).toBe(0)
    await host.expectNothingLeft()
  })

  test('answers on its forwarded port, on the loopback address alone, and obeys the power button', async () => {
    const port = await freePort()
    const host = await Host.with({
      ...(await instance()),
      'ssh-port': port,
      'cpu-cores': 2,
      config: {action: 'wait'},
    })
    const run = host.start('run', 'vm-1', '--console', 'stdout')
    await run.printed(/guest: waiting/u)
    expect(await text(connect(port, '127.0.0.1'))).toBe('hello from vm-1\n')
    await expect(once(connect(port, '127.0.0.2'), 'connect')).rejects.toThrow('ECONNREFUSED')
    run.signal('SIGTERM')
    const {exitCode, stdout, stderr} = await run.ended
    expect(stdout).toContain('guest: power button')
    expect(stderr).toContain('shut down when asked to')
    expect(exitCode).toBe(143)
    await host.expectNothingLeft()
  })

  test('is shut down in good order also when it is asked to before it has a driver for its power button', async () => {
    const host = await Host.with({...(await instance()), 'grace-seconds': 3600, config: {action: 'wait'}})
    const run = host.start('run', 'vm-1', '--console', 'stdout')
    await run.printed(/The guest runs/u)
    run.signal('SIGINT')
    const {exitCode, stderr} = await run.ended
    expect(stderr).toContain('shut down when asked to')
    expect(exitCode).toBe(130)
    await host.expectNothingLeft()
  })
})

test('a Linux guest reads a configuration of fifteen million bytes as it was written', async () => {
  const config = {action: 'power-off', text: 'ä'.repeat(7_500_000)}
  const host = await Host.with({name: 'vm-1', image: await guestImage('linux-x86_64'), ram: '512M', config})
  const {exitCode, stdout} = await host.vmrun('run', 'vm-1', '--console', 'stdout')
  const content = `${JSON.stringify({name: 'vm-1', config})}\n`
  expect(stdout).toContain(`guest: sha256 ${sha256Of(content)}`)
  expect(exitCode).toBe(0)
})

test.each([1, 2])('a Linux guest with cpu-cores %d reboots, and the run goes on', async cores => {
  const host = await Host.with({
    name: 'vm-1',
    image: await guestImage('linux-x86_64'),
    'cpu-cores': cores,
    'grace-seconds': 0,
    config: {action: 'reboot', 'keep-disk': true},
  })
  const run = host.start('run', 'vm-1', '--console', 'stdout')
  await run.printed(/(?:guest: rebooting.*guest: x86_64 ready.*){2}/su)
  run.signal('SIGTERM')
  const {exitCode, stderr} = await run.ended
  expect(stderr).toContain('The guest rebooted')
  expect(exitCode).toBe(143)
})

test('a kernel panic makes the run guest-failed', async () => {
  const host = await Host.with({
    name: 'vm-1',
    image: await guestImage('linux-x86_64'),
    config: {action: 'panic'},
  })
  const {exitCode, stderr} = await host.vmrun('run', 'vm-1')
  expect(stderr).toContain('the guest panicked')
  expect(exitCode).toBe(3)
  await host.expectNothingLeft()
})
