import {execFileSync, spawn} from 'node:child_process'
import {once} from 'node:events'
import {writeFile} from 'node:fs/promises'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {expect, test} from 'vitest'
import {NotRegularFileError, openRegularFile} from '../../src/host/regular-file.js'
import {openFiles} from '../open-files.js'
import {temporaryDirectory} from '../temporary-directory.js'

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
  await expect(openRegularFile(pipe)).rejects.toThrow(/^is a pipe, not a file$/u)
  expect(await text(spawn('cat', [pipe]).stdout)).toBe('written\n')
})

test('what is not there fails as the system says, also behind a directory that is not there', async () => {
  const directory = await temporaryDirectory()
  await writeFile(join(directory, 'file'), '')
  await expect(openRegularFile(`${directory}/gone/../file`)).rejects.toMatchObject({code: 'ENOENT'})
  await expect(openRegularFile(`${directory}/file/`)).rejects.toMatchObject({code: 'ENOTDIR'})
})
