import {execFileSync} from 'node:child_process'
import {closeSync, constants, openSync} from 'node:fs'
import {open, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {finished} from 'node:stream/promises'
import {expect, onTestFinished, test} from 'vitest'
import {openOwnPipe} from '../../src/console/own-pipe.js'
import {temporaryDirectory} from '../temporary-directory.js'

async function fifo(): Promise<string> {
  const path = join(await temporaryDirectory(), 'pipe')
  execFileSync('mkfifo', [path])
  return path
}

test.runIf(process.platform === 'linux')(
  'a pipe is opened once more, and closing that leaves it open',
  async () => {
    const path = await fifo()
    // Both ways, as opening one end alone would wait for the other.
    const pipe = await open(path, 'r+')
    onTestFinished(() => pipe.close())
    const own = openOwnPipe(pipe.fd)
    own?.end('hello')
    await finished(own ?? process.stdout)
    const {bytesRead, buffer} = await pipe.read(Buffer.alloc(100), 0, 100)
    expect(String(buffer.subarray(0, bytesRead))).toBe('hello')
    await pipe.write('still open')
  },
)

test.runIf(process.platform === 'linux')('a reader that stalls does not stall whoever writes', async () => {
  const pipe = await open(await fifo(), constants.O_RDWR)
  onTestFinished(() => pipe.close())
  const own = openOwnPipe(pipe.fd)
  expect(own?.write(Buffer.alloc(10_000_000))).toBe(false)
  own?.on('error', () => undefined)
  own?.destroy()
})

test('what is no pipe is not opened', async () => {
  const path = join(await temporaryDirectory(), 'file')
  await writeFile(path, '')
  const descriptor = openSync(path, 'r+')
  expect(openOwnPipe(descriptor)).toBeUndefined()
  closeSync(descriptor)
  expect(openOwnPipe(descriptor)).toBeUndefined()
})
