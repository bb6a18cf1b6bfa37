import {readFile} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {HostError} from '../../../src/errors/errors.js'
import {forwardingFailure, portObstacle} from '../../../src/qemu/machine/ssh-port.js'
import {freePort, servedPort} from '../../ports.js'

const complaint = (port: number): HostError =>
  new HostError(
    `QEMU ended with exit code 1:\nqemu-system-x86_64: -netdev user,id=network: Could not set up host forwarding rule 'tcp:127.0.0.1:${port}-:22'`,
  )

test('a port that another program listens on is said to be in use', async () => {
  const port = await servedPort()
  const error = await forwardingFailure(complaint(port), port)
  expect(error).toBeInstanceOf(HostError)
  expect(error).toMatchObject({
    message: `ssh-port: port ${port} of 127.0.0.1 is in use by another program`,
    hint: expect.stringContaining(`ss -ltnp 'sport = :${port}'`),
  })
})

test('a low port that is free is said to be root’s', async () => {
  expect(await forwardingFailure(complaint(7), 7)).toMatchObject({
    message: 'ssh-port: QEMU may not listen on port 7 of 127.0.0.1',
    hint: expect.stringContaining('below 1024'),
  })
})

test('a port that is free by now may be tried again', async () => {
  const port = await freePort()
  expect(await forwardingFailure(complaint(port), port)).toMatchObject({
    message: `ssh-port: QEMU may not listen on port ${port} of 127.0.0.1`,
    hint: expect.stringContaining('try again'),
  })
})

test('what QEMU says of anything else is not about the port', async () => {
  const port = await servedPort()
  expect(await forwardingFailure(new HostError('unsupported machine type'), port)).toBeUndefined()
})

test('where no port is forwarded there is nothing to find out', async () => {
  expect(await forwardingFailure(complaint(7), undefined)).toBeUndefined()
})

describe('beforehand', () => {
  test('a port that is free is no obstacle', async () => {
    expect(await portObstacle(await freePort(), true)).toBeUndefined()
  })

  test('a port that another program listens on is said to be in use', async () => {
    const port = await servedPort()
    expect(await portObstacle(port, false)).toMatchObject({
      message: `ssh-port: port ${port} of 127.0.0.1 is in use by another program`,
    })
  })

  test('a low port is only for a QEMU that may listen on it', async () => {
    const first = Number(await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'))
    const obstacle = await portObstacle(7, true)
    expect(obstacle === undefined).toBe(first <= 7)
    expect(obstacle?.message ?? '').toMatch(first <= 7 ? /^$/u : /QEMU may not listen on port 7/u)
  })
})
