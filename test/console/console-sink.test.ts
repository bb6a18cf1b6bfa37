import {execFileSync} from 'node:child_process'
import {closeSync, constants, openSync} from 'node:fs'
import {open, readFile, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {PassThrough} from 'node:stream'
import {text} from 'node:stream/consumers'
import {finished} from 'node:stream/promises'
import {expect, onTestFinished, test, vi} from 'vitest'
import {consoleLines, withoutCommands} from '../../src/console/console-filters.js'
import {type OutputSink, openOutput, openOwnPipe} from '../../src/console/console-sink.js'
import {passOn} from '../../src/qemu/machine/pass-on.js'
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
  vi.spyOn(process.stdout, 'write').mockImplementation(chunk => {
    written.push(String(chunk))
    return takes
  })
  onTestFinished(() => {
    process.stdout.isTTY = isTTY
  })
  return written
}

const quiet = {
  environment: {},
  inputs: [],
  onLost: (): void => undefined,
  what: 'console' as const,
  limit: 1024,
}

/** Passes a guest's console on to a reader, until it ends. */
async function pass(reader: OutputSink, content: string): Promise<void> {
  const guest = new PassThrough()
  const drain = passOn(guest, 2 ** 20, {take: () => undefined, writable: reader.writable})
  guest.end(content)
  await drain()
  await reader.close()
}

test('none: the console goes nowhere', async () => {
  const reader = await openOutput('none', process.stdout, quiet)
  expect(reader.writable).toBeUndefined()
  await pass(reader, 'guest: hello\n')
})

test('stdout, when it is a terminal: nothing that acts on it', async () => {
  const written = onTerminal()
  await pass(await openOutput('stdout', process.stdout, quiet), '\u001b[1mguest\r\n')
  expect(written.join('')).toBe('guest\n')
  expect(process.stdout.writableEnded).toBe(false)
})

test('a terminal that takes nothing any more is no reason to wait for ever', async () => {
  const written = onTerminal(false)
  const reader = await openOutput('stdout', process.stdout, quiet)
  for (let line = 0; line < 10; line += 1) {
    reader.writable?.write(Buffer.alloc(100_000, 'x'))
  }

  await expect(reader.close()).resolves.toBeUndefined()
  expect(written).toHaveLength(1)
})

test('a file gets every byte as it is, and is its user’s alone', async () => {
  const file = join(await temporaryDirectory(), 'console.log')
  await pass(await openOutput(file, process.stdout, quiet), '\u001b[1mguest\r\n')
  expect(await readFile(file, 'utf8')).toBe('\u001b[1mguest\r\n')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('the log of an earlier run is not lost', async () => {
  const file = join(await temporaryDirectory(), 'console.log')
  await writeFile(file, 'earlier\n')
  await pass(await openOutput(file, process.stdout, quiet), 'guest\n')
  expect(await readFile(file, 'utf8')).toBe('earlier\nguest\n')
})

test('a file takes no more than its limit of one run, and that is told once', async () => {
  const file = join(await temporaryDirectory(), 'console.log')
  const lost: string[] = []
  const onLost = (why: string): unknown => lost.push(why)
  const reader = await openOutput(file, process.stdout, {...quiet, limit: 10, onLost})
  for (const chunk of ['eight by', 'tes, and', ' more', '!']) {
    reader.writable?.write(chunk)
  }

  await reader.close()
  expect(await readFile(file, 'utf8')).toBe('eight byte')
  expect(lost).toEqual([`${file} takes no more than 10 bytes of it (--output-limit)`])
  const exact = await openOutput(file, process.stdout, {...quiet, limit: 10, onLost})
  exact.writable?.write('0123456789')
  await exact.close()
  expect(await readFile(file, 'utf8')).toBe('eight byte0123456789')
  expect(lost).toHaveLength(1)
})

test.each([
  ['/proc/nonexistent/\u001b[2J', String.raw`/proc/nonexistent/\u001b[2J: its directory does not exist`],
  ['/', '/: it is a directory'],
  ['/dev/null/log', '/dev/null/log: a part of its path is not a directory'],
])(
  'a file that cannot be written is the user’s error, before anything is started: %j',
  async (file, told) => {
    await expect(openOutput(file, process.stdout, quiet)).rejects.toMatchObject({
      name: 'UsageError',
      message: `cannot write the console to ${told}`,
      hint: 'Name a file that can be made or appended to, or a named pipe that somebody reads.',
    })
  },
)

test('a named pipe that nobody reads is not waited for', async () => {
  const pipe = await fifo()
  await expect(openOutput(pipe, process.stdout, quiet)).rejects.toThrow(
    `cannot write the console to ${pipe}: nobody reads it`,
  )
})

test('a disk that is full is no reason to end the guest, or to wait for ever', async () => {
  const reader = await openOutput('/dev/full', process.stdout, quiet)
  const guest = new PassThrough()
  const drain = passOn(guest, 2 ** 20, {take: () => undefined, writable: reader.writable})
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

/** What is shown of a console that arrives in these chunks. */
async function shown(chunks: readonly Uint8Array[], filter = consoleLines()): Promise<string> {
  const all = text(filter)
  for (const chunk of chunks) {
    filter.write(chunk)
  }

  filter.end()
  return await all
}

/** The bytes of a text in chunks of one size. */
function inChunks(content: string, size: number): readonly Buffer[] {
  const bytes = Buffer.from(content)
  return Array.from({length: Math.ceil(bytes.length / size)}, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

const sizes = [1, 2, 3, 7, 1000]

test.each(
  sizes.flatMap(size => [
    {what: 'plain lines', from: 'one\ntwo\n', to: 'one\ntwo\n', size},
    {what: 'empty lines', from: '\n\na\n', to: '\n\na\n', size},
    {what: 'a last line without an end', from: 'one\nlogin: ', to: 'one\nlogin: \n', size},
    {what: 'carriage returns', from: 'one\r\ntwo\r\n', to: 'one\ntwo\n', size},
    {what: 'UTF-8', from: 'zwölf 十二 🙂\n', to: 'zwölf 十二 🙂\n', size},
    {what: 'tabs', from: 'a\tb\n', to: 'a\tb\n', size},
    {what: 'colours', from: '\u001b[1;31mred\u001b[0m\n', to: 'red\n', size},
    {what: 'a move of the cursor', from: 'a\u001b[10;10Hb\u001b[2Jc\n', to: 'abc\n', size},
    {what: 'a title, ended by BEL', from: 'a\u001b]0;evil\u0007b\n', to: 'ab\n', size},
    {what: 'a title, ended by ST', from: 'a\u001b]2;evil\u001b\\b\n', to: 'ab\n', size},
    {what: 'a clipboard', from: 'a\u001b]52;c;ZXZpbA==\u0007b\n', to: 'ab\n', size},
    {what: 'a bell and a backspace', from: 'a\u0007b\bc\n', to: 'abc\n', size},
    {what: 'control characters of eight bits', from: 'a\u0085b\n', to: 'ab\n', size},
    {what: 'no text at all', from: '', to: '', size},
  ]),
)('$what in chunks of $size bytes: $from', async ({from, to, size}) => {
  expect(await shown(inChunks(from, size))).toBe(to)
})

/** Every control character but the tab and the end of a line. */
const controlCharacters = /(?![\t\n])\p{Cc}/u

test.each([
  ['a sequence that a line’s end breaks', '\u001b]0;ev\nil\u0007x\n'],
  ['a sequence that never ends', '\u001b]0;evil'],
  ['a sequence within a sequence', '\u001b\u001b[2J[2Jx\u001b]0;\u001b]0;y\u0007\u0007'],
  ['a device control string', '\u001bP1$r0m\u001b\\x\n'],
  ['every control character', Array.from({length: 160}, (_, code) => String.fromCharCode(code)).join('')],
  ['a sequence across the longest line', `${'x'.repeat(4095)}\u001b]0;evil\u0007${'y'.repeat(5000)}\n`],
])('nothing that acts on a terminal is left of %s', async (_, content) => {
  for (const size of sizes) {
    expect(await shown(inChunks(content, size))).not.toMatch(controlCharacters)
  }
})

test('bytes that are no UTF-8 are shown as such', async () => {
  expect(await shown([Buffer.from([0x61, 0xff, 0x9b, 0x0a])])).toBe('a\ufffd\ufffd\n')
})

test('a line is shown as soon as it is whole', async () => {
  const lines = consoleLines()
  lines.write(Buffer.from('one\ntw'))
  expect(String(lines.read())).toBe('one\n')
  lines.write(Buffer.from('o\n'))
  expect(String(lines.read())).toBe('two\n')
})

test('a guest that never ends its line does not fill the memory', async () => {
  const lines = consoleLines()
  lines.write(Buffer.alloc(100_000, 'x'))
  expect(String(lines.read())).toHaveLength(100_001)
})

test.each([
  ['nothing', [''], ''],
  ['lines', ['::error::a\n', '##[error]b\n'], '::error::a\n##[error]b\n'],
  ['a last line without an end', ['a\nb'], 'a\nb\n'],
  ['control characters', ['\u001b[2J\u0000\r\n'], '\u001b[2J\u0000\r\n'],
])('GitHub Actions takes no commands between the first line and the last: %s', async (_, chunks, passed) => {
  const [, word, console] =
    /^::stop-commands::(?<word>[0-9a-f-]{36})\n(?<console>.*)::\k<word>::\n$/su.exec(
      await shown(
        chunks.map(chunk => Buffer.from(chunk)),
        withoutCommands(),
      ),
    ) ?? []
  expect(word).toBeDefined()
  expect(console).toBe(passed)
})

test('the word that ends it is another each time', async () => {
  expect(await shown([], withoutCommands())).not.toBe(await shown([], withoutCommands()))
})
