import {once} from 'node:events'
import {PassThrough, Writable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import {expect, test, vi} from 'vitest'
import {passOn} from '../../../src/qemu/machine/pass-on.js'

vi.mock('node:timers/promises', () => import('../../run/fakeable-timers.js'))

const take = (): void => undefined

/** Prints a hundred lines as fast as they are taken. */
async function printMuch(source: PassThrough): Promise<void> {
  for (let line = 0; line < 100; line += 1) {
    if (!source.write('a line of text')) {
      await once(source, 'drain')
    }
  }

  source.end()
}

test('every byte of the guest’s reaches the reader', async () => {
  const [source, reader] = [new PassThrough(), new PassThrough()]
  const drain = passOn(source, 2 ** 30, {take, writable: reader})
  const read = buffer(reader)
  const bytes = Buffer.from(Array.from({length: 100_000}, (_, index) => index % 256))
  source.end(bytes)
  await drain()
  reader.end()
  expect(bytes.equals(await read)).toBe(true)
})

test('the reader is not closed, as it may be standard output', async () => {
  const [source, reader] = [new PassThrough(), new PassThrough()]
  const drain = passOn(source, 2 ** 30, {take, writable: reader})
  source.end('bye')
  await drain()
  expect(reader.writableEnded).toBe(false)
})

test('without a reader the guest can print for ever', async () => {
  const source = new PassThrough({highWaterMark: 10})
  const drain = passOn(source, 2 ** 30, {take})
  await printMuch(source)
  await drain()
  expect(source.destroyed).toBe(true)
})

test('a reader that is slower than the guest slows the guest', async () => {
  const source = new PassThrough({highWaterMark: 10})
  const stuck = new Writable({highWaterMark: 10, write: () => undefined})
  passOn(source, 2 ** 30, {take, writable: stuck})
  while (source.write('a line of text')) {
    await new Promise(setImmediate)
  }

  await new Promise(setImmediate)
  expect(source.writableNeedDrain).toBe(true)
})

test('when a reader goes away the guest goes on', async () => {
  const source = new PassThrough({highWaterMark: 10})
  const reader = new Writable({
    write: (_chunk, _encoding, callback) => callback(new Error('EPIPE')),
  })
  const drain = passOn(source, 2 ** 30, {take, writable: reader})
  await printMuch(source)
  await drain()
  expect(source.destroyed).toBe(true)
})

test('a reader that takes too long for what is left is not waited for', async () => {
  vi.useFakeTimers()
  const source = new PassThrough()
  const stuck = new Writable({highWaterMark: 1, write: () => undefined})
  const drain = passOn(source, 2 ** 30, {take, writable: stuck})
  source.write('a line of text')
  source.write('another')
  source.end()
  let drained = false
  const waited = drain().then(() => {
    drained = true
  })
  await vi.advanceTimersByTimeAsync(4999)
  expect(drained).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await waited
  expect(source.destroyed).toBe(true)
})
