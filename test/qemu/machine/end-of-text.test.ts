import {PassThrough} from 'node:stream'
import {expect, test} from 'vitest'
import {endOfText} from '../../../src/qemu/machine/process.js'

/** What is kept of a text that comes in pieces. */
async function kept(pieces: readonly (string | Buffer)[]): Promise<string> {
  const stream = new PassThrough()
  const end = endOfText(stream)
  for (const piece of pieces) {
    stream.write(piece)
  }

  stream.end()
  return await end
}

test('pieces are put together again, also where they end within a character', async () => {
  const text = Buffer.from('qemu: größer\nqemu: 日本\n')
  expect(await kept(Array.from(text, byte => Buffer.of(byte)))).toBe(text.toString())
})

test('of much, the end is kept', async () => {
  const end = await kept(Array.from({length: 1000}, (_, number) => `line ${number}\n`))
  expect(end).toHaveLength(4096)
  expect(end).toMatch(/line 999\n$/u)
})

test('a stream that is destroyed is at its end', async () => {
  const stream = new PassThrough()
  const end = endOfText(stream)
  stream.write('one\n')
  await new Promise(setImmediate)
  stream.destroy()
  expect(await end).toBe('one\n')
})
