import {execFile} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {expect, test} from 'vitest'

const run = promisify(execFile)
const main = fileURLToPath(new URL('../../scripts/bench/main.js', import.meta.url))
const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

/** Runs the benchmarks with this tree's vmrun, unpacked. */
async function bench(...words: readonly string[]): Promise<{stdout: string; stderr: string}> {
  return await run(process.execPath, [main, '--program', program, ...words])
}

test.runIf(process.platform === 'linux')(
  'what is measured is printed with its ratio, and the machine',
  async () => {
    const {stdout} = await bench('--only', 'to-qemu,after-guest', '--rounds', '1')
    expect(stdout).toMatch(/^\d+ × .+, \d+ GiB, Linux .+, Node \d+\..+, QEMU \d+/u)
    expect(stdout).toMatch(/^\| to QEMU \| \d+ ms \| node -e 0 \| \d+ ms \| [\d.]+ × \|/mu)
    expect(stdout).toMatch(/^\| to QEMU \| \d+ ms \| the plain script \| \d+ ms \| [\d.]+ × \|/mu)
    expect(stdout).toMatch(/^\| after the guest \|.*\| at most 50 ms \|/mu)
  },
)

test.each([
  ['--only', 'start-up,nothing', 'no measurement is called "nothing"'],
  ['--rounds', '0', '--rounds takes a number from 1 to 9999, not "0"'],
  ['--rounds', 'many', '--rounds takes a number from 1 to 9999, not "many"'],
  ['--check', '--store', '--check compares, and stores nothing: leave out --store'],
  ['--often', '3', "Unknown option '--often'"],
])('%s %s is a mistake in the usage', async (first, second, message) => {
  await expect(bench(first, second)).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/npm run bench \[/u),
  })
  await expect(bench(first, second)).rejects.toMatchObject({stderr: expect.stringContaining(message)})
})
