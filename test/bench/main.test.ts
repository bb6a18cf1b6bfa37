import {execFile} from 'node:child_process'
import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {expect, test} from 'vitest'
import {temporaryDirectory} from '../temporary-directory.js'

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

/** Results as if vmrun had been as many times slower. */
const scaled = (results: string, factor: number): string =>
  results.replace(/"(?:median|best)": (?<number>[\d.]+)/gu, (text, number: string) =>
    text.replace(number, String(Number(number) * factor)),
  )

test.runIf(process.platform === 'linux')(
  'the check passes a vmrun that is quicker than the stored one, and fails a slower one and one with a figure that is not stored',
  async () => {
    const results = path.join(await temporaryDirectory(), 'results.json')
    const words = ['--only', 'start-up', '--results', results, '--rounds', '1']
    await bench(...words, '--store')
    const stored = await readFile(results, 'utf8')
    // By more than any load of the machine.
    await writeFile(results, scaled(stored, 1000))
    expect((await bench(...words, '--check')).stdout).toMatch(/^--version, .*: better$/mu)
    await writeFile(results, scaled(stored, 1 / 1000))
    await expect(bench(...words, '--check')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^--version, .* in 4 rounds, .*: worse$/mu),
    })
    await writeFile(results, stored.replace('"name": "list"', '"name": "other"'))
    await expect(bench(...words, '--check')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^list, .* none stored/mu),
    })
    await writeFile(results, '{}')
    expect((await bench(...words, '--check')).stdout).toMatch(/^Nothing is compared: no results are stored/u)
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
