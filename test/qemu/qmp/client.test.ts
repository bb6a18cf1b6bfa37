import {setImmediate as turn} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {HostError} from '../../../src/errors/errors.js'
import {QmpClient, QmpClosedError, QmpError, type QmpEvent} from '../../../src/qemu/qmp/client.js'
import {type ScriptedPeer, scriptedPeer} from './scripted-peer.js'

interface Connected {
  readonly client: QmpClient
  readonly peer: ScriptedPeer
  readonly events: readonly QmpEvent[]
}

async function connected(): Promise<Connected> {
  const peer = await scriptedPeer()
  const events: QmpEvent[] = []
  return {peer, events, client: new QmpClient(peer.stream, event => events.push(event))}
}

const greeting = {QMP: {version: {}, capabilities: []}}

test('the client waits for the greeting before it says anything, then leaves the negotiation mode', async () => {
  const {client, peer} = await connected()
  const command = peer.nextCommand()
  let said = false
  command.then(
    () => {
      said = true
    },
    () => undefined,
  )
  const negotiated = client.negotiate()
  await turn()
  await turn()
  expect(said).toBe(false)
  peer.send(greeting)
  expect(await command).toEqual({execute: 'qmp_capabilities', id: 0})
  peer.send({return: {}, id: 0})
  await negotiated
})

test('a greeting that came before anyone waited for it is not lost', async () => {
  const {client, peer} = await connected()
  peer.send(greeting, {event: 'EARLY'})
  while (peer.stream.bytesRead === 0) {
    await turn()
  }

  await turn()
  const negotiated = client.negotiate()
  expect(await peer.nextCommand()).toEqual({execute: 'qmp_capabilities', id: 0})
  peer.send({return: {}, id: 0})
  await negotiated
}, 5000)

test('a command goes out with its arguments, and gives its result', async () => {
  const {client, peer} = await connected()
  const result = client.execute('blockdev-del', {'node-name': 'config-disk'})
  expect(await peer.nextCommand()).toEqual({
    execute: 'blockdev-del',
    arguments: {'node-name': 'config-disk'},
    id: 0,
  })
  peer.send({return: {status: 'running'}, id: 0})
  expect(await result).toEqual({status: 'running'})
})

test('an error that QEMU answers with names the command and says what QEMU said', async () => {
  const {client, peer} = await connected()
  const refused = client.execute('blockdev-remove-medium', {id: 'config-cdrom'})
  peer.send({error: {class: 'GenericError', desc: "Tray of device 'config-cdrom' is not open"}, id: 0})
  const error = await refused.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(QmpError)
  expect(error).toBeInstanceOf(HostError)
  expect(error).toMatchObject({
    message: "QEMU refused blockdev-remove-medium: Tray of device 'config-cdrom' is not open",
  })
})

test.each<[string, (peer: ScriptedPeer) => void]>([
  ['QEMU closes the connection', peer => peer.close()],
  ['the connection breaks', peer => peer.destroy()],
  ['QEMU says what is not JSON', peer => peer.sendBytes(Buffer.from('Segmentation fault\n'))],
  [
    'a message breaks off',
    peer => {
      peer.sendBytes(Buffer.from('{"return"'))
      peer.close()
    },
  ],
])('when %s, every pending command is told, and the client is closed', async (_, happen) => {
  const {client, peer} = await connected()
  const pending = [client.execute('cont'), client.execute('query-status')].map(result =>
    result.catch((error: unknown) => error),
  )
  await peer.nextCommand()
  happen(peer)
  const [first, second] = await Promise.all(pending)
  expect(first).toBeInstanceOf(QmpClosedError)
  expect(first).toMatchObject({message: 'QEMU closed its control connection before it answered cont'})
  expect(second).toMatchObject({
    message: 'QEMU closed its control connection before it answered query-status',
  })
  await client.closed
})

test('a message of nearly 16 MiB is taken', async () => {
  const {client, peer} = await connected()
  const result = client.execute('query-status')
  const long = 'x'.repeat(2 ** 24 - 100)
  peer.send({return: long, id: 0})
  expect(await result).toBe(long)
})

test('without a greeting there is nothing to wait for once the connection is closed', async () => {
  const {client, peer} = await connected()
  const negotiated = client.negotiate()
  peer.close()
  await expect(negotiated).rejects.toThrow(QmpClosedError)
})

test('lines end at newlines alone, and what is no message to the client is passed over', async () => {
  const {client, peer, events} = await connected()
  const result = client.execute('query-status')
  const further = [{}, {return: {}}, {return: 'none', id: '0'}, {event: 7}, {event: 'STOP', data: [1]}]
  peer.sendBytes(
    Buffer.from('[]\nnull\n42\r\n{"event": "a\u2028\u2029\u0085b", "data": {"c": "\u2028"}}\r\n'),
  )
  peer.send(...further, {return: {}, id: 0})
  expect(await result).toEqual({})
  expect(events).toEqual([
    {name: 'a\u2028\u2029\u0085b', data: {c: '\u2028'}},
    {name: 'STOP', data: {}},
  ])
})

test.each(['x', {desc: {toString: 0}}])('an error that says nothing readable is one: %j', async error => {
  const {client, peer} = await connected()
  const refused = client.execute('cont')
  peer.send({error, id: 0})
  await expect(refused).rejects.toThrow('QEMU refused cont: it did not say why')
})
