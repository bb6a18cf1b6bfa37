import {execFileSync, spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {writeFile} from 'node:fs/promises'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {expect, test} from 'vitest'
import {isInherited, NotRegularFileError, openRegularFile, readAtMost} from '../../src/host/read-file.js'
import {compiled} from '../compiled.js'
import {openFiles} from '../open-files.js'
import {temporaryDirectory} from '../temporary-directory.js'

test('a file is read whole, or a little further than the limit', async () => {
  const file = join(await temporaryDirectory(), 'file')
  await writeFile(file, 'x'.repeat(1_000_000))
  expect(await readAtMost(file, 1_000_000)).toHaveLength(1_000_000)
  expect((await readAtMost(file, 10)).length).toBeGreaterThan(10)
  expect((await readAtMost(file, 10)).length).toBeLessThan(1_000_000)
})

test('what this process was started with has no place of its own, and anything else has', () => {
  expect(['-', '/dev/stdin', '/dev/fd/63', '/proc/self/fd/0'].every(isInherited)).toBe(true)
  expect(['./-', '/dev/fd/63/x', '/dev/ptmx', '/srv/dev/fd/3'].some(isInherited)).toBe(false)
})

/** What a program reads from `path` that a shell starts as the script says, where it is `"$@"`. */
async function readBy(script: string, path: string): Promise<string> {
  const module = await compiled('host/read-file')
  const program = `import(${JSON.stringify(module)})
    .then(({readAtMost}) => readAtMost(process.argv[1], 100))
    .then(bytes => console.log(bytes.toString()), error => console.log(error.message))`
  const words = [process.execPath, '-e', program, path]
  return spawnSync('bash', ['-c', script, 'bash', ...words], {encoding: 'utf8'}).stdout.trim()
}

test.each([
  ['standard input, a pipe', 'printf piped | "$@"', '-', 'piped'],
  ['standard input by its other name', 'printf piped | "$@"', '/dev/stdin', 'piped'],
  ['standard input, a file', '"$@" <<<here', '-', 'here'],
  ['standard input that is closed, as nothing', '"$@" <&-', '-', ''],
  ['a pipe that is written to late', '"$@" 9< <(sleep 0.1; printf late)', '/dev/fd/9', 'late'],
  ['no device, though it is open already', '"$@" 9</dev/zero', '/dev/fd/9', 'is a device, not a file'],
])('what is read: %s', async (_, script, path, content) => {
  expect(await readBy(script, path)).toBe(content)
})

test('a regular file is opened, by whatever link', async () => {
  const file = join(await temporaryDirectory(), 'file')
  await writeFile(file, 'text')
  execFileSync('ln', ['-s', file, `${file}.link`])
  const handle = await openRegularFile(`${file}.link`)
  expect(await handle.readFile('utf8')).toBe('text')
  await handle.close()
})

test('a directory, a device and a socket are refused by what they are', async () => {
  const directory = await temporaryDirectory()
  const socket = join(directory, 'socket')
  const server = createServer().listen(socket)
  await once(server, 'listening')
  await expect(openRegularFile(directory)).rejects.toThrow(NotRegularFileError)
  await expect(openRegularFile(directory)).rejects.toThrow(/^is a directory, not a file$/u)
  await expect(openRegularFile('/dev/ptmx')).rejects.toThrow(/^is a device, not a file$/u)
  await expect(openRegularFile(socket)).rejects.toThrow(/^is a socket, not a file$/u)
  expect(await openFiles(process.pid)).not.toContain(directory)
  server.close()
})

test('a pipe is not even opened: who writes to it still waits for a reader', async () => {
  const pipe = join(await temporaryDirectory(), 'pipe')
  execFileSync('mkfifo', [pipe])
  const writer = spawn('sh', ['-c', 'echo ready >&2; echo written >"$1"', 'sh', pipe], {stdio: 'pipe'})
  await once(writer.stderr, 'data')
  await expect(readAtMost(pipe, 10)).rejects.toThrow(/^is a pipe, not a file$/u)
  expect(await text(spawn('cat', [pipe]).stdout)).toBe('written\n')
})

test('what is not there fails as the system says, also behind a directory that is not there', async () => {
  const directory = await temporaryDirectory()
  await writeFile(join(directory, 'file'), '')
  await expect(openRegularFile(`${directory}/gone/../file`)).rejects.toMatchObject({code: 'ENOENT'})
  await expect(openRegularFile(`${directory}/file/`)).rejects.toMatchObject({code: 'ENOTDIR'})
})
