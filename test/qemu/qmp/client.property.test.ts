import {type Duplex, duplexPair} from 'node:stream'
import {setImmediate as turn} from 'node:timers/promises'
import fc, {type Arbitrary} from 'fast-check'
import {expect, test} from 'vitest'
import type {JsonValue} from '../../../src/contract/json-value.js'
import {QmpClient, QmpClosedError, QmpError, type QmpEvent} from '../../../src/qemu/qmp/client.js'
import {anyText, jsonObject, jsonValue} from '../../arbitraries.js'

interface Connected {
  readonly client: QmpClient
  readonly stream: Duplex
  readonly qemu: Duplex
  readonly events: readonly QmpEvent[]
}

/** A client with both ends of its connection. What it says is not read. */
function connected(): Connected {
  const [stream, qemu] = duplexPair()
  qemu.resume()
  const events: QmpEvent[] = []
  return {stream, qemu, events, client: new QmpClient(stream, event => events.push(event))}
}

/** How a stream is cut into pieces, and before which of them there is a pause. */
interface Cuts {
  readonly sizes: readonly number[]
  readonly pauses: readonly boolean[]
}

const anyCuts: Arbitrary<Cuts> = fc.record({
  sizes: fc.oneof(
    fc.constant([Number.MAX_SAFE_INTEGER]),
    fc.array(fc.oneof(fc.constant(1), fc.integer({min: 1, max: 300})), {minLength: 1, maxLength: 10}),
  ),
  pauses: fc.array(fc.boolean(), {minLength: 1, maxLength: 5}),
})

/** Sends bytes in such pieces. */
async function sendInPieces(qemu: Duplex, bytes: Buffer, {sizes, pauses}: Cuts): Promise<void> {
  for (let from = 0, piece = 0; from < bytes.length; piece++) {
    const size = sizes[piece % sizes.length] ?? 1
    qemu.write(bytes.subarray(from, from + size))
    from += size
    if (pauses[piece % pauses.length] === true) {
      await turn()
    }
  }
}

const anyEvent = fc.record(
  {event: anyText, data: jsonObject, timestamp: jsonValue},
  {requiredKeys: ['event']},
)
const nobodysReply = fc.record({
  return: jsonValue,
  id: fc.oneof(fc.integer({min: 100}), anyText, fc.constant(-1)),
})
const reply = fc.oneof(
  fc.record({return: jsonValue}),
  fc.record({error: fc.record({class: fc.constant('GenericError'), desc: anyText})}),
)

/** A conversation: what QEMU says, in which the replies are to commands in any order. */
const conversation = fc
  .tuple(
    fc.array(fc.oneof(anyEvent, nobodysReply, reply), {maxLength: 12}),
    fc.array(fc.nat(), {minLength: 12, maxLength: 12}),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([said, ranks, lineEnd]) => {
    const replies = said.flatMap((message, index) => ('event' in message || 'id' in message ? [] : [index]))
    const ids = replies.toSorted((one, other) => (ranks[one] ?? 0) - (ranks[other] ?? 0))
    const messages: readonly object[] = said.map((message, index) =>
      ids.includes(index) ? {...message, id: ids.indexOf(index)} : message,
    )
    return {messages, lineEnd, commands: replies.length}
  })

interface Reply {
  readonly id: number
  readonly return?: JsonValue
  readonly error?: {readonly desc: string}
}

function isReply(message: object): message is Reply {
  return 'id' in message && typeof message.id === 'number' && message.id >= 0 && message.id < 100
}

test('events and results are the same, in the same order, in whatever pieces they arrive', async () => {
  await fc.assert(
    fc.asyncProperty(conversation, anyCuts, async ({messages, lineEnd, commands}, cuts) => {
      const {client, qemu, events} = connected()
      const told: unknown[] = []
      const settled = Array.from({length: commands}, (_, id) =>
        client.execute('query-status').then(
          result => told.push([id, JSON.stringify(result)]),
          (error: unknown) => told.push([id, error]),
        ),
      )
      const text = messages.map(message => `${JSON.stringify(message)}${lineEnd}`).join('')
      await sendInPieces(qemu, Buffer.from(text), cuts)
      await Promise.all(settled)
      qemu.end()
      await client.closed
      expect(JSON.stringify(events)).toBe(
        JSON.stringify(
          messages.flatMap(message =>
            'event' in message ? [{name: message.event, data: 'data' in message ? message.data : {}}] : [],
          ),
        ),
      )
      expect(told).toEqual(
        messages
          .filter(isReply)
          .map(({id, return: result, error}) => [
            id,
            error === undefined
              ? JSON.stringify(result)
              : new QmpError(`QEMU refused query-status: ${error.desc}`),
          ]),
      )
    }),
    {numRuns: 300},
  )
})

/** Any JSON, most of which has keys of QMP's with values of any shape. */
const oddMessage: Arbitrary<JsonValue | object> = fc.oneof(
  jsonValue,
  fc.record(
    {
      id: fc.oneof(fc.nat(5), jsonValue),
      return: jsonValue,
      error: fc.oneof(jsonValue, fc.record({desc: jsonValue}), fc.constant({desc: {toString: 0}})),
      event: fc.oneof(anyText, jsonValue),
      data: jsonValue,
      QMP: jsonValue,
    },
    {requiredKeys: [], noNullPrototype: true},
  ),
)

const oneLine: Arbitrary<Uint8Array> = fc.oneof(
  fc.oneof(anyEvent, oddMessage).map(message => Buffer.from(`${JSON.stringify(message)}\n`)),
  anyText.map(text => Buffer.from(`${text}\n`)),
  fc.constantFrom('\n', '{', '{"return": {}, "id"', '\ufeff{}\n').map(text => Buffer.from(text)),
  fc.uint8Array({maxLength: 40}),
)

const ends: readonly ((connection: Connected) => void)[] = [
  ({qemu}) => qemu.end(),
  ({stream}) => stream.destroy(),
  ({stream}) => stream.destroy(new Error('the connection broke')),
]

test('whatever QEMU says, every command is answered in the end, and the events do not depend on the pieces', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(oneLine, {maxLength: 10}).map(lines => Buffer.concat(lines)),
      anyCuts,
      fc.constantFrom(...ends),
      async (bytes, cuts, end) => {
        const heard: string[] = []
        for (const howCut of [cuts, {sizes: [bytes.length], pauses: [true]}]) {
          const connection = connected()
          const {client, qemu, events} = connection
          const before = Promise.allSettled([
            client.negotiate(),
            client.execute('cont'),
            client.execute('quit'),
          ])
          await sendInPieces(qemu, bytes, howCut)
          const after = Promise.allSettled([client.execute('query-status')])
          await turn()
          end(connection)
          for (const outcome of [...(await before), ...(await after)]) {
            if (outcome.status === 'rejected') {
              expect([QmpError, QmpClosedError]).toContain(outcome.reason.constructor)
            }
          }

          await client.closed
          await expect(client.execute('quit')).rejects.toThrow(QmpClosedError)
          heard.push(JSON.stringify(events))
        }

        expect(heard[0]).toBe(heard[1])
      },
    ),
    {numRuns: 400},
  )
})

test('a message over 16 MiB ends the connection in whatever pieces it arrives, after what came before it was told', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyEvent, {maxLength: 3}),
      fc.integer({min: 1, max: 20}).map(pieces => Math.ceil(2 ** 24 / pieces)),
      async (messages, size) => {
        const {client, qemu, events} = connected()
        const pending = expect(client.execute('quit')).rejects.toThrow(QmpClosedError)
        const text = messages.map(message => `${JSON.stringify(message)}\n`).join('')
        const bytes = Buffer.concat([Buffer.from(text), Buffer.alloc(2 ** 24 + 1, '"')])
        await sendInPieces(qemu, bytes, {sizes: [size], pauses: [true]})
        await pending
        await client.closed
        expect(events.map(({name}) => name)).toEqual(messages.map(({event}) => event))
      },
    ),
    {numRuns: 10, endOnFailure: true},
  )
})
