import {setImmediate as turn} from 'node:timers/promises'
import {beforeEach, describe, expect, test, vi} from 'vitest'
import {HostError} from '../../src/errors/errors.js'
import {ScriptedAgent} from './scripted-agent.js'

vi.mock('node:timers/promises', async original => ({
  ...(await original<typeof import('node:timers/promises')>()),
  ...(await import('../run/fakeable-timers.js')),
}))

/** The error of what is expected to fail. */
async function errorOf(failing: Promise<unknown>): Promise<unknown> {
  return await failing.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error,
  )
}

test('a command follows a sync, goes out with its arguments, and gives what it returns', async () => {
  const peer = new ScriptedAgent()
  const result = peer.agent.execute('guest-get-time', {zone: 'zwölf'})
  expect(await peer.nextCommand()).toEqual({execute: 'guest-get-time', arguments: {zone: 'zwÃ¶lf'}})
  peer.send({return: {seconds: [1]}})
  expect(await result).toEqual({seconds: [1]})
})

test('commands are given one after the other, each with a sync of its own', async () => {
  const peer = new ScriptedAgent()
  const results = [peer.agent.execute('guest-info'), peer.agent.execute('guest-ping')]
  expect(await peer.nextCommand()).toEqual({execute: 'guest-info'})
  await turn()
  expect(peer.port.readableLength).toBe(0)
  peer.send({return: 'info'})
  expect(await peer.nextCommand()).toEqual({execute: 'guest-ping'})
  peer.send({return: 'pong'})
  expect(await Promise.all(results)).toEqual(['info', 'pong'])
})

test('a refusal names the command and says what the agent said, printable and not at any length', async () => {
  const peer = new ScriptedAgent()
  const refused = errorOf(peer.agent.execute('guest-set-time'))
  await peer.nextCommand()
  peer.send({error: {class: 'GenericError', desc: `not \u001b[2Jpermitted${'.'.repeat(1000)}`}})
  const error = await refused
  expect(error).toBeInstanceOf(HostError)
  expect(error).toMatchObject({
    message: expect.stringMatching(
      /^the guest's agent refused guest-set-time: not \\u001b\[2Jpermitted\.{280,300}$/u,
    ),
  })
})

test.each(['x', null, {desc: {toString: 0}}])(
  'a refusal that says nothing readable is one: %j',
  async said => {
    const peer = new ScriptedAgent()
    const refused = errorOf(peer.agent.execute('guest-ping'))
    await peer.nextCommand()
    peer.send({error: said})
    expect(await refused).toEqual(new HostError("the guest's agent refused guest-ping: it did not say why"))
  },
)

test('what QEMU’s agent says of the 0xFF before a sync, and what was said before, is passed over', async () => {
  const peer = new ScriptedAgent()
  const result = peer.agent.execute('guest-ping')
  const sync = await peer.nextSync()
  peer.send({error: {class: 'GenericError', desc: "JSON parse error, stray '\\uFFFD'"}})
  // Not a sync's answer, whatever number a command returns.
  peer.send({return: 1})
  peer.send(Buffer.concat([Buffer.from('{"return": {"half a li'), sync]))
  await peer.nextLine()
  peer.send({return: 'pong'})
  expect(await result).toBe('pong')
})

test('what is said between the answer to a sync and a command is no answer to the command', async () => {
  const peer = new ScriptedAgent()
  const result = peer.agent.execute('guest-ping')
  peer.send(Buffer.concat([await peer.nextSync(), Buffer.from('{"return": "too early"}\n')]))
  await peer.nextLine()
  peer.send({return: 'pong'})
  expect(await result).toBe('pong')
})

test.each<[string, (peer: ScriptedAgent) => void]>([
  ['is closed', peer => peer.port.end()],
  ['breaks', peer => peer.stream.destroy(new Error('broken'))],
  ['is given up', peer => peer.stream.destroy()],
])('when the port %s, every command is told, and so is any later one', async (_, happen) => {
  const peer = new ScriptedAgent()
  const failures = [errorOf(peer.agent.execute('guest-info')), errorOf(peer.agent.execute('guest-ping'))]
  await peer.nextCommand()
  peer.send(Buffer.from('{"return'))
  happen(peer)
  expect(await Promise.all(failures)).toEqual([
    new HostError("the guest's agent did not answer guest-info"),
    new HostError("the guest's agent did not answer guest-sync-delimited"),
  ])
  expect(await errorOf(peer.agent.execute('guest-shutdown'))).toBeInstanceOf(HostError)
})

test('a reply of nearly 1 MiB is taken, and a longer one is not waited for', async () => {
  const peer = new ScriptedAgent()
  const long = 'x'.repeat(2 ** 20 - 100)
  const result = peer.agent.execute('guest-info')
  await peer.nextCommand()
  peer.send({return: long})
  expect(await result).toBe(long)
  const failure = errorOf(peer.agent.execute('guest-info'))
  await peer.nextCommand()
  peer.send(Buffer.alloc(2 ** 20 + 1, 'x'))
  expect(await failure).toEqual(new HostError("the guest's agent answers with more than 1 MiB"))
  const next = peer.agent.execute('guest-ping')
  await peer.nextCommand()
  peer.send({return: 'pong'})
  expect(await next).toBe('pong')
})

test('a reply may be nested as deep as its length allows', async () => {
  const peer = new ScriptedAgent()
  const result = peer.agent.execute('guest-info')
  await peer.nextCommand()
  const depth = 2 ** 18
  peer.send(Buffer.from(`{"return": ${'['.repeat(depth)}${']'.repeat(depth)}}\n`))
  expect(Array.isArray(await result)).toBe(true)
})

test('any number of lines before the answer to a sync is passed over', async () => {
  const peer = new ScriptedAgent()
  const result = peer.agent.execute('guest-ping')
  peer.send(Buffer.from('login:\n'.repeat(100_000)))
  await peer.nextCommand()
  peer.send({return: 'pong'})
  expect(await result).toBe('pong')
})

test('nothing is read while nothing is asked', async () => {
  const peer = new ScriptedAgent()
  const flood = Buffer.alloc(2 ** 16, '\n')
  const fill = async (): Promise<void> => {
    while (peer.port.write(flood)) {
      await turn()
    }

    await turn()
  }
  await fill()
  expect(peer.port.writableLength).toBeGreaterThan(0)
  const result = peer.agent.execute('guest-ping')
  await peer.nextCommand()
  peer.send({return: 'pong'})
  expect(await result).toBe('pong')
  await fill()
  await fill()
  expect(peer.port.writableLength).toBeGreaterThan(0)
  peer.port.destroy()
})

describe('when no agent answers', () => {
  beforeEach(() => {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']})
  })

  test('a command is given up, and nothing is left that waits', async () => {
    const peer = new ScriptedAgent()
    const failure = errorOf(peer.agent.execute('guest-info'))
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await failure).toEqual(new HostError("the guest's agent did not answer guest-sync-delimited"))
    expect(vi.getTimerCount()).toBe(0)
    expect(['data', 'error', 'close'].map(name => peer.stream.listenerCount(name))).toEqual([0, 1, 0])
  })

  test('however often it is asked, no more is sent than the port takes', async () => {
    const peer = new ScriptedAgent()
    let longest = 0
    for (let command = 0; command < 1000; command += 1) {
      const failure = errorOf(peer.agent.execute('guest-shutdown'))
      await vi.advanceTimersByTimeAsync(10_000)
      expect(await failure).toBeInstanceOf(HostError)
      longest = Math.max(longest, peer.stream.writableLength + peer.port.readableLength)
    }

    expect(longest).toBeLessThan(100_000)
  })

  test('its answer to a command that was given up is thrown away by the next sync', async () => {
    const peer = new ScriptedAgent()
    const failure = errorOf(peer.agent.execute('guest-info'))
    expect(await peer.nextCommand()).toEqual({execute: 'guest-info'})
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await failure).toEqual(new HostError("the guest's agent did not answer guest-info"))
    const result = peer.agent.execute('guest-ping')
    peer.send({return: 'late'})
    expect(await peer.nextCommand()).toEqual({execute: 'guest-ping'})
    peer.send({return: 'pong'})
    expect(await result).toBe('pong')
  })

  test('the answers to many syncs that were given up are passed over', async () => {
    const peer = new ScriptedAgent()
    const syncs: Buffer[] = []
    for (let sync = 0; sync < 5; sync += 1) {
      const failure = errorOf(peer.agent.execute('guest-ping'))
      syncs.push(await peer.nextSync())
      await vi.advanceTimersByTimeAsync(10_000)
      await failure
    }

    const result = peer.agent.execute('guest-ping')
    syncs.push(await peer.nextSync())
    peer.send(Buffer.concat(syncs))
    await peer.nextLine()
    peer.send({return: 'pong'})
    expect(await result).toBe('pong')
  })
})
