import {execFileSync, spawnSync} from 'node:child_process'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {isInherited, readAtMost} from '../../src/host/read-at-most.js'
import {compiled} from '../compiled.js'
import {temporaryDirectory} from '../temporary-directory.js'

test('a file is read whole, or a little further than the limit', async () => {
  const file = join(await temporaryDirectory(), 'file')
  await writeFile(file, 'x'.repeat(1_000_000))
  expect(await readAtMost(file, 1_000_000)).toHaveLength(1_000_000)
  expect((await readAtMost(file, 10)).length).toBeGreaterThan(10)
  expect((await readAtMost(file, 10)).length).toBeLessThan(1_000_000)
})

test('a named pipe is refused, and not waited for', async () => {
  const pipe = join(await temporaryDirectory(), 'pipe')
  execFileSync('mkfifo', [pipe])
  await expect(readAtMost(pipe, 10)).rejects.toThrow(/^is a pipe, not a file$/u)
})

test('what this process was started with has no place of its own, and anything else has', () => {
  expect(['-', '/dev/stdin', '/dev/fd/63', '/proc/self/fd/0'].every(isInherited)).toBe(true)
  expect(['./-', '/dev/fd/63/x', '/dev/ptmx', '/srv/dev/fd/3'].some(isInherited)).toBe(false)
})

/** What a program reads from `path` that a shell starts as the script says, where it is `"$@"`. */
async function readBy(script: string, path: string): Promise<string> {
  const module = await compiled('host/read-at-most')
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
