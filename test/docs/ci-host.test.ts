import {execFileSync} from 'node:child_process'
import {readFile, writeFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {temporaryDirectory} from '../temporary-directory.js'

const page = await readFile(new URL('../../docs/ci-host.md', import.meta.url), 'utf8')

/** The shell script that a line of the unit runs, as systemd hands it on (systemd.service(5): `$$` is `$`). */
function scriptOf(key: string): string {
  const {script = ''} = new RegExp(`^${key}=-/bin/sh -c '(?<script>.*)'$`, 'mu').exec(page)?.groups ?? {}
  return script.replaceAll('$$', '$')
}

function run(key: string, environment: NodeJS.ProcessEnv): string {
  return execFileSync('sh', ['-c', scriptOf(key)], {
    env: {PATH: process.env['PATH'], ...environment},
    encoding: 'utf8',
    stdio: 'pipe',
  })
}

test('the unit tries again after exit code 1, less and less often, and as ever once a run began', async () => {
  const directory = await temporaryDirectory()
  const pauses: unknown[] = []
  for (const status of ['1', '1', '1', '1', '1', '1', '1', '0', '1', 'KILL']) {
    run('ExecStopPost', {STATE_DIRECTORY: directory, EXIT_STATUS: status})
    pauses.push(Number(await readFile(`${directory}/pause`, 'utf8').catch(() => Number.NaN)))
  }
  expect(pauses).toEqual([2, 4, 8, 16, 32, 64, 64, Number.NaN, 2, Number.NaN])
})

test('the unit waits for as long as was written down, and not without', async () => {
  const directory = await temporaryDirectory()
  // The sleep of this PATH tells what it is asked for.
  await writeFile(`${directory}/sleep`, '#!/bin/sh\necho "$1"\n', {mode: 0o755})
  const environment = {STATE_DIRECTORY: directory, PATH: `${directory}:${process.env['PATH']}`}
  expect(() => run('ExecStartPre', environment)).toThrow()
  await writeFile(`${directory}/pause`, '64\n')
  expect(run('ExecStartPre', environment)).toBe('64\n')
})

test('the unit stops for exit code 2 alone', () => {
  expect(page).toMatch(/^Restart=always$/mu)
  expect(page).toMatch(/^RestartPreventExitStatus=2$/mu)
})
