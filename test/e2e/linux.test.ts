import {once} from 'node:events'
import {connect} from 'node:net'
import {text} from 'node:stream/consumers'
import {describe, expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {freePort, servedPort} from '../ports.js'
import {sha256Of} from '../sha256.js'
import {Host} from './host.js'

describe.each(['x86_64', 'aarch64'] as const)('a Linux guest on %s', arch => {
  async function hostWith(instance: object): Promise<Host> {
    return await Host.with({name: 'vm-1', arch, image: await guestImage(`linux-${arch}`), ...instance})
  }

  test('reads its config disk by the label, ejects it, reaches the host, answers on its forwarded port, on the loopback address alone, and obeys the power button', async () => {
    const port = await freePort()
    const greeting = await servedPort(socket => socket.end('greetings from the host'))
    const config = {
      fetch: `10.0.2.2:${greeting}`,
      action: 'wait',
      text: 'Grüße, "world"\n',
      list: [1, null, true],
    }
    const host = await hostWith({'ssh-port': port, 'cpu-cores': 2, network: 'user', config})
    const run = host.start('run', 'vm-1', '--json', '--console', 'stdout')
    await run.printed(/guest: waiting/u)
    expect(await text(connect(port, '127.0.0.1'))).toBe('hello from vm-1\n')
    await expect(once(connect(port, '127.0.0.2'), 'connect')).rejects.toThrow('ECONNREFUSED')
    run.signal('SIGTERM')
    const {exitCode, stdout, stderr} = await run.ended
    const content = `${JSON.stringify({name: 'vm-1', config})}\n`
    expect(stderr.replaceAll('\r', '')).toContain(`guest: instance.json follows\n${content}`)
    for (const line of [
      `${arch} ready`,
      `sha256 ${sha256Of(content)}`,
      'ejected',
      'address 10.0.2.15',
      'fetched greetings from the host',
      'power button',
    ]) {
      expect(stderr).toContain(`guest: ${line}`)
    }

    expect(stdout).toContain('"type":"config-disk-ejected"')
    expect(stdout).toContain('shut down when asked to')
    expect(exitCode).toBe(143)
    await host.expectNothingLeft()
  })

  test('is shut down in good order also when it is asked to before it has a driver for its power button', async () => {
    const host = await hostWith({'grace-seconds': 3600, config: {action: 'wait'}})
    const run = host.start('run', 'vm-1', '--console', 'stdout')
    await run.printed(/The guest runs/u)
    run.signal('SIGINT')
    const {exitCode, stderr} = await run.ended
    expect(stderr).toContain('shut down when asked to')
    expect(exitCode).toBe(130)
    await host.expectNothingLeft()
  })
})

test('a kernel panic makes the run guest-failed', async () => {
  const image = await guestImage('linux-x86_64')
  const host = await Host.with({name: 'vm-1', image, config: {action: 'panic'}})
  const {exitCode, stderr} = await host.vmrun('run', 'vm-1')
  expect(stderr).toContain('the guest panicked')
  expect(exitCode).toBe(3)
  await host.expectNothingLeft()
})
