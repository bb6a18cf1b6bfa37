import {setImmediate as turn} from 'node:timers/promises'
import fc, {type Arbitrary} from 'fast-check'
import {expect, test} from 'vitest'
import {HostError} from '../../src/errors/errors.js'
import {anyText, jsonValue} from '../arbitraries.js'
import {delimiter, ScriptedAgent} from './scripted-agent.js'

/** How many streams of bytes an agent sends. */
const numRuns = Number(process.env['VMRUN_FUZZ_RUNS'] ?? 500)

/** The sizes of the pieces in which bytes arrive. */
const anySizes = fc.oneof(
  fc.constant([Number.MAX_SAFE_INTEGER]),
  fc.array(fc.oneof(fc.constant(1), fc.integer({min: 1, max: 300})), {minLength: 1, maxLength: 10}),
)

async function sendInPieces(peer: ScriptedAgent, bytes: Buffer, sizes: readonly number[]): Promise<void> {
  for (let from = 0, piece = 0; from < bytes.length; piece++) {
    const size = sizes[piece % sizes.length] ?? 1
    peer.send(bytes.subarray(from, from + size))
    from += size
    await turn()
  }
}

const oddNumber = fc.constantFrom('1e999', '-0', '9'.repeat(400), '1e-999')

/** What an agent may say, and what it may not. */
const oddPiece: Arbitrary<Uint8Array> = fc.oneof(
  fc.record({return: jsonValue}).map(reply => Buffer.from(`${JSON.stringify(reply)}\n`)),
  fc
    .record({error: fc.oneof(jsonValue, fc.record({desc: jsonValue})), return: jsonValue}, {requiredKeys: []})
    .map(reply => Buffer.from(`${JSON.stringify(reply)}\n`)),
  // Of syncs that there never were.
  fc.nat().map(id => Buffer.from(`\u00ff{"return": ${id + 1000}}\n`, 'latin1')),
  oddNumber.map(number => Buffer.from(`\u00ff{"return": ${number}}\n`, 'latin1')),
  fc.integer({min: 1, max: 5000}).map(depth => Buffer.from(`{"return": ${'['.repeat(depth)}`)),
  fc.integer({min: 1, max: 5}).map(count => Buffer.alloc(count, delimiter)),
  fc.constantFrom('\n', '\r\n', '{', '{"return": {}, "id"', '\ufeff{}\n').map(text => Buffer.from(text)),
  anyText.map(text => Buffer.from(text)),
  fc.uint8Array({maxLength: 40}),
)

const oddBytes = fc.array(oddPiece, {maxLength: 10}).map(pieces => Buffer.concat(pieces))

test('whatever was said before, the answer behind a sync’s is found, in whatever pieces it arrives', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(oddBytes, jsonValue, oddBytes), {minLength: 1, maxLength: 3}),
      anySizes,
      async (exchanges, sizes) => {
        const peer = new ScriptedAgent()
        for (const [before, value, after] of exchanges) {
          const result = peer.agent.execute('guest-info')
          await sendInPieces(peer, Buffer.concat([before, await peer.nextSync()]), sizes)
          await peer.nextLine()
          await sendInPieces(peer, Buffer.from(`${JSON.stringify({return: value})}\n`), sizes)
          expect(JSON.stringify(await result)).toBe(JSON.stringify(value))
          peer.send(after)
        }
      },
    ),
    {numRuns},
  )
})

const ends: readonly ((peer: ScriptedAgent) => void)[] = [
  ({port}) => port.end(),
  ({stream}) => stream.destroy(),
  ({stream}) => stream.destroy(new Error('the connection broke')),
]

test('whatever is said, every command is answered or given up, and nobody but the guest is to blame', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(oddBytes, {minLength: 2, maxLength: 2}),
      fc.boolean(),
      anySizes,
      fc.constantFrom(...ends),
      async ([first, second], isSynced, sizes, end) => {
        const peer = new ScriptedAgent()
        const outcomes = Promise.allSettled([
          peer.agent.execute('guest-info'),
          peer.agent.execute('guest-shutdown'),
          peer.agent.execute('guest-ping'),
        ])
        const sync = await peer.nextSync()
        await sendInPieces(peer, Buffer.concat([first ?? sync, ...(isSynced ? [sync] : [])]), sizes)
        await sendInPieces(peer, second ?? sync, sizes)
        end(peer)
        for (const outcome of await outcomes) {
          if (outcome.status === 'rejected') {
            expect(outcome.reason).toBeInstanceOf(HostError)
            expect(outcome.reason.message).not.toMatch(/\p{Cc}/u)
          }
        }

        await expect(peer.agent.execute('guest-ping')).rejects.toThrow(HostError)
        expect(peer.stream.listenerCount('data')).toBe(0)
      },
    ),
    {numRuns},
  )
})
