import {execFileSync} from 'node:child_process'
import {closeSync, constants, openSync} from 'node:fs'
import {open, readFile, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {PassThrough} from 'node:stream'
import {finished} from 'node:stream/promises'
import {expect, onTestFinished, test, vi} from 'vitest'
import {type ConsoleSink, openConsole, openOwnPipe} from '../../src/console/console-sink.js'
import {connectConsole} from '../../src/qemu/machine/start-machine.js'
import {temporaryDirectory} from '../temporary-directory.js'

/**
 * Makes standard output a terminal until the test ends, and gives what is written to it.
 *
 * @param takes whether it takes more after that
 */
function onTerminal(takes = true): readonly string[] {
  const {isTTY} = process.stdout
  const written: string[] = []
  process.stdout.isTTY = true
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    written.push(String(text))
    return takes
  })
  onTestFinished(() => {
    write.mockRestore()
    process.stdout.isTTY = isTTY
  })
  return written
}

const quiet = {environment: {}, inputs: [], onLost: (): void => undefined}

/** Passes a guest's console on to a reader, until it ends. */
async function pass(reader: ConsoleSink, content: string): Promise<void> {
  const guest = new PassThrough()
  const drain = connectConsole(guest, reader.writable)
  guest.end(content)
  await drain()
  await reader.close()
}

test('none: the console goes nowhere', async () => {
  const reader = await openConsole('none', process.stdout, quiet)
  expect(reader.writable).toBeUndefined()
  await pass(reader, 'guest: hello\n')
})

test('stdout, when it is a terminal: nothing that acts on it', async () => {
  const written = onTerminal()
  await pass(await openConsole('stdout', process.stdout, quiet), '\u001b[1mguest\r\n')
  expect(written.join('')).toBe('guest\n')
  expect(process.stdout.writableEnded).toBe(false)
})

test('a terminal that takes nothing any more is no reason to wait for ever', async () => {
  const written = onTerminal(false)
  const reader = await openConsole('stdout', process.stdout, quiet)
  for (let line = 0; line < 10; line += 1) {
    reader.writable?.write(Buffer.alloc(100_000, 'x'))
  }

  await expect(reader.close()).resolves.toBeUndefined()
  expect(written).toHaveLength(1)
})

test('a file gets every byte as it is, and is its user’s alone', async () => {
  const file = join(await temporaryDirectory(), 'console.log')
  await pass(await openConsole(file, process.stdout, quiet), '\u001b[1mguest\r\n')
  expect(await readFile(file, 'utf8')).toBe('\u001b[1mguest\r\n')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('the log of an earlier run is not lost', async () => {
  const file = join(await temporaryDirectory(), 'console.log')
  await writeFile(file, 'earlier\n')
  await pass(await openConsole(file, process.stdout, quiet), 'guest\n')
  expect(await readFile(file, 'utf8')).toBe('earlier\nguest\n')
})

test('a file that cannot be written is the user’s error, before anything is started', async () => {
  await expect(openConsole('/proc/nonexistent/\u001b[2J', process.stdout, quiet)).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining(
      String.raw`cannot write the console to /proc/nonexistent/\u001b[2J: ENOENT`,
    ),
  })
})

test('a disk that is full is no reason to end the guest, or to wait for ever', async () => {
  const reader = await openConsole('/dev/full', process.stdout, quiet)
  const guest = new PassThrough()
  const drain = connectConsole(guest, reader.writable)
  guest.write('a line\n')
  await new Promise(resolve => {
    reader.writable?.once('close', resolve)
  })

  guest.end('another\n')
  await drain()
  await reader.close()
  expect(guest.destroyed).toBe(true)
}, 10_000)

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
