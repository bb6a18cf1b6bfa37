import {fileURLToPath} from 'node:url'
import {Config, Errors} from '@oclif/core'
import {expect, test} from 'vitest'
import {commandNotFound} from '../../src/cli/command-not-found.js'
import {type Captured, captured} from './captured.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What is shown for a command that there is not; `commands` are those that there are. */
async function asked(id: string, ...argv: string[]): Promise<Captured> {
  const config = await Config.load(root)
  const shown = captured()
  const context = {
    config,
    debug: () => undefined,
    error: (input: string | Error): never => {
      throw input
    },
    exit: (code?: number): never => {
      process.exitCode = code
      throw new Errors.ExitError(code)
    },
    log: () => undefined,
    warn: () => undefined,
  }
  const notFound = commandNotFound.call(context, {id, argv, config, context})
  await expect(notFound).rejects.toThrow(Errors.ExitError)
  return shown
}

test('a command that there is not is a usage error that says what there is', async () => {
  const shown = await asked('rnu')
  expect(shown.exitCode()).toBe(2)
  expect(shown.stdout()).toBe('')
  expect(shown.stderr()).toMatch(
    /^Error: vmrun has no command rnu; it has: .*\brun\b.*\nDid you mean run\?\n$/u,
  )
})

test('where nothing is near, help is', async () => {
  expect((await asked('xyzzy')).stderr()).toMatch(/\nSee vmrun --help\n$/u)
})

test('with --json it is one line of JSON on stdout', async () => {
  const shown = await asked('rnu', '--json')
  expect(JSON.parse(shown.stdout())).toEqual({
    error: {message: expect.stringContaining('vmrun has no command rnu'), hint: 'did you mean run?'},
  })
  expect(shown.stderr()).toBe('')
  expect(shown.exitCode()).toBe(2)
})
