import {expect, onTestFinished, test} from 'vitest'
import {QmpClient} from '../../src/qemu/qmp/client.js'
import {traceQmp} from '../../src/tracing/run-trace.js'
import {Trace, type TraceEvent} from '../../src/tracing/trace.js'
import {type ScriptedPeer, scriptedPeer} from '../qemu/qmp/scripted-peer.js'

interface Traced {
  readonly client: QmpClient
  readonly peer: ScriptedPeer
  readonly events: () => readonly TraceEvent[]
  readonly stop: () => void
}

async function traced(): Promise<Traced> {
  const peer = await scriptedPeer()
  const trace = new Trace()
  const stop = traceQmp(trace)
  onTestFinished(stop)
  const client = new QmpClient(peer.stream, () => undefined)
  return {client, peer, stop, events: () => trace.events().filter(({ph}) => ph !== 'M')}
}

test('a command is there by its name, until the reply', async () => {
  const {client, peer, events} = await traced()
  const done = client.execute('blockdev-del', {'node-name': 'hunter2'})
  await peer.nextCommand()
  expect(events()).toMatchObject([{name: 'blockdev-del', ph: 'X', args: {unfinished: true}}])
  peer.send({return: {secret: 'hunter2'}, id: 0})
  await done
  expect(events()).toMatchObject([{name: 'blockdev-del', cat: 'qmp', ph: 'X', args: {}}])
  expect(events()[0]?.args).not.toHaveProperty('unfinished')
  expect(JSON.stringify(events())).not.toContain('hunter2')
})

test('one that is refused, and one that gets no answer any more, are told as failed', async () => {
  const {client, peer, events} = await traced()
  const refused = client.execute('cont')
  const unanswered = client.execute('quit')
  peer.send({error: {desc: 'hunter2'}, id: 0})
  await expect(refused).rejects.toThrow('refused')
  peer.close()
  await expect(unanswered).rejects.toThrow('closed')
  expect(events()).toMatchObject([
    {name: 'cont', args: {failed: true}},
    {name: 'quit', args: {failed: true}},
  ])
  expect(JSON.stringify(events())).not.toContain('hunter2')
})

test('one that is never sent is not told', async () => {
  const {client, peer, events} = await traced()
  peer.close()
  await client.closed
  await expect(client.execute('cont')).rejects.toThrow('closed')
  expect(events()).toEqual([])
})

test('an event is there by its name alone', async () => {
  const {client, peer, events} = await traced()
  peer.send({event: 'SHUTDOWN', data: {reason: 'hunter2'}})
  peer.close()
  await client.closed
  expect(events()).toMatchObject([{name: 'SHUTDOWN', cat: 'qmp', ph: 'i', args: {}}])
  expect(JSON.stringify(events())).not.toContain('hunter2')
})

test('a guest that is reset for days does not fill the memory', async () => {
  const {client, peer, events} = await traced()
  const resets = `${JSON.stringify({event: 'RESET'})}\n`.repeat(60_000)
  peer.sendBytes(Buffer.from(resets))
  peer.close()
  await client.closed
  expect(events()).toHaveLength(50_000)
})

test('nothing is traced any more once that is over', async () => {
  const {client, peer, events, stop} = await traced()
  stop()
  peer.send({event: 'SHUTDOWN'})
  peer.close()
  await client.closed
  expect(events()).toEqual([])
})
