import {PassThrough} from 'node:stream'
import {expect, test} from 'vitest'
import {lastLines} from '../../../src/qemu/machine/stderr.js'

const none = (): boolean => false

/** What is left of a text that comes in pieces. */
async function left(
  pieces: readonly (string | Buffer)[],
  takeLine: (line: string) => boolean = none,
): Promise<string> {
  const stream = new PassThrough()
  const lines = lastLines(stream, takeLine)
  for (const piece of pieces) {
    stream.write(piece)
  }

  stream.end()
  return await lines
}

test('lines are put together again wherever the pieces end, also within a character', async () => {
  const text = Buffer.from('qemu: größer\nqemu: 日本\n')
  expect(await left(Array.from(text, byte => Buffer.of(byte)))).toBe(text.toString())
})

test('a last line that does not end counts', async () => {
  expect(await left(['one\ntw', 'o'])).toBe('one\ntwo\n')
})

test('lines that somebody takes are left out, and all lines are offered', async () => {
  const offered: string[] = []
  const takeLine = (line: string): boolean => {
    offered.push(line)
    return line.startsWith('log')
  }
  expect(await left(['log 1\nqemu: error\nlog 2\nlog 3'], takeLine)).toBe('qemu: error\n')
  expect(offered).toEqual(['log 1', 'qemu: error', 'log 2', 'log 3'])
})

test('of much, the last is kept', async () => {
  const kept = await left(Array.from({length: 1000}, (_, number) => `line ${number}\n`))
  expect(kept).toHaveLength(4096)
  expect(kept).toMatch(/line 999\n$/u)
})

test('a line without an end takes no more memory than is kept', async () => {
  expect(await left(['x'.repeat(100_000), 'y'.repeat(100_000)])).toBe(`${'y'.repeat(4095)}\n`)
})

test('a stream that is destroyed is at its end', async () => {
  const stream = new PassThrough()
  const lines = lastLines(stream, none)
  stream.write('one\n')
  await new Promise(setImmediate)
  stream.destroy()
  expect(await lines).toBe('one\n')
})
