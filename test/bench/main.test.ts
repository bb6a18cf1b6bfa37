import {execFile} from 'node:child_process'
import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {expect, test} from 'vitest'
import {temporaryDirectory} from '../temporary-directory.js'

const main = fileURLToPath(new URL('../../scripts/bench/main.js', import.meta.url))

async function bench(...words: readonly string[]): Promise<{stdout: string; stderr: string}> {
  return await promisify(execFile)(process.execPath, [main, '--rounds', '1', ...words])
}

/** Has `--version` compared with a ratio that no load of the machine makes of it. */
async function check(figures: object): Promise<{stdout: string}> {
  const results = path.join(await temporaryDirectory(), 'results.json')
  const [major = ''] = process.versions.node.split('.')
  await writeFile(results, JSON.stringify({[major]: {figures}}))
  return await bench('--check', '--only', 'version', '--results', results)
}

test.runIf(process.platform === 'linux')('what is measured is printed, beside its bar', async () => {
  const {stdout} = await bench('--only', 'to-qemu,after-guest')
  expect(stdout).toMatch(/^\d+ × .+, \d+ GiB, Linux .+, Node \d+\..+, QEMU \d+/u)
  expect(stdout).toMatch(/^\| to QEMU \| \d+ ms \| node -e 0: \d+ ms \| [\d.]+ × .*\| at most 2.5 × \|/mu)
  expect(stdout).toMatch(/^\| after the guest \|.*\| at most 50 ms \|/mu)
})

test('the check passes what is no worse than the stored ratio, and that for which none is stored', async () => {
  expect((await check({version: {ratio: {median: 1000, best: 1000}}})).stdout).toMatch(
    /^version: .*: good$/mu,
  )
  expect((await check({})).stdout).toMatch(/^version: not compared/u)
})

test('the check fails what is worse each time that it is measured', async () => {
  await expect(check({version: {ratio: {median: 0.01, best: 0.01}}})).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/ 1 rounds.*: worse\n.* 2 rounds.*: worse\n.* 4 rounds.*: worse\n$/u),
  })
})

test.each([
  ['--only', 'version,nothing', 'no measurement is called "nothing"'],
  ['--rounds', '0', '--rounds takes a number from 1 to 9999, not "0"'],
  ['--check', '--store', '--check takes no --store'],
  ['--often', '3', "Unknown option '--often'"],
])('%s %s is a mistake in the usage', async (first, second, message) => {
  await expect(bench(first, second)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/npm run bench \[/u),
  })
  await expect(bench(first, second)).rejects.toMatchObject({stderr: expect.stringContaining(message)})
})
