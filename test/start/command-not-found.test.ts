import {fileURLToPath} from 'node:url'
import {Config, Errors} from '@oclif/core'
import {expect, test} from 'vitest'
import {commandNotFound} from '../../src/start/command-not-found.js'
import {type Captured, captured} from './captured.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What is shown for a command that there is not; oclif joins the words of its `id` by colons. */
async function asked(id: string, ...argv: string[]): Promise<Captured> {
  const config = await Config.load({root, userPlugins: false})
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

test('a command that there is not is a usage error that says what there is, each topic once', async () => {
  const shown = await asked('rnu')
  expect(shown.exitCode()).toBe(2)
  expect(shown.stdout()).toBe('')
  const [, list] =
    /^Error: vmrun has no command rnu; it has: (.*)\nDid you mean run\?\n$/u.exec(shown.stderr()) ?? []
  const listed = list?.split(', ') ?? []
  expect(listed.filter(name => ['plugins', 'run'].includes(name))).toEqual(['run', 'plugins'])
  expect(listed.filter(name => /[\s:]/u.test(name))).toEqual([])
})

test.each([
  ['rnu:vm-1', 'rnu', 'Did you mean run?'],
  ['plugin:xyzzy', 'plugin', 'Did you mean plugins?'],
  ['plugins:instal', 'plugins instal', 'Did you mean plugins install?'],
  ['plugin:isntall:./plugin.tgz', 'plugin', 'Did you mean plugins install?'],
  ['xyzzy:install', 'xyzzy', 'See vmrun --help'],
  ['plugins:xyzzy:install', 'plugins xyzzy', 'See vmrun plugins --help'],
])('for %s the nearest command is suggested as it is typed, or else help', async (id, unknown, hint) => {
  const shown = await asked(id)
  expect(shown.stderr()).toContain(`vmrun has no command ${unknown}; it has: `)
  expect(shown.stderr()).toContain(`\n${hint}\n`)
})

test('with --json it is one line of JSON on stdout', async () => {
  const shown = await asked('rnu', '--json')
  expect(JSON.parse(shown.stdout())).toEqual({
    error: {message: expect.stringContaining('vmrun has no command rnu'), hint: 'did you mean run?'},
  })
  expect(shown.stderr()).toBe('')
  expect(shown.exitCode()).toBe(2)
})
