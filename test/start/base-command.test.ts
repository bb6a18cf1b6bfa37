import {fileURLToPath} from 'node:url'
import {Errors} from '@oclif/core'
import {expect, test} from 'vitest'
import {GuestError, HostError, UsageError} from '../../src/errors/errors.js'
import {BaseCommand} from '../../src/start/base-command.js'
import {type Captured, captured} from './captured.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What a command that fails with an error shows, and the exit code that it leaves. */
async function failing(error: unknown, ...argv: readonly string[]): Promise<Captured> {
  class Fails extends BaseCommand {
    async run(): Promise<void> {
      await this.parse(Fails)
      throw error
    }
  }

  const shown = captured()
  await Fails.run([...argv], {root})
  return shown
}

test.each([
  ['the user’s', new UsageError('bad key', {hint: 'Fix it.'}), 2],
  ['the host’s', new HostError('no disk'), 1],
  ['the guest’s', new GuestError('the guest panicked'), 1],
  ['oclif’s', new Errors.CLIError('Unexpected argument: x', {exit: 2}), 2],
])('an error that is %s has the same exit code with and without --json', async (_, error, code) => {
  const {message} = error
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined
  const forPeople = await failing(error)
  expect(forPeople.stderr()).toBe(`Error: ${message}\n${hint === undefined ? '' : `${hint}\n`}`)
  expect(forPeople.stdout()).toBe('')
  expect(forPeople.exitCode()).toBe(code)
  const forPrograms = await failing(error, '--json')
  expect(forPrograms.stdout()).toBe(`${JSON.stringify({error: {message, hint}})}\n`)
  expect(forPrograms.stderr()).toBe('')
  expect(forPrograms.exitCode()).toBe(code)
})

test('a bug shows where it is', async () => {
  const bug = new TypeError('undefined is not a function')
  const forPeople = await failing(bug)
  expect(forPeople.stderr()).toBe(`${bug.stack}\n`)
  expect(forPeople.stdout()).toBe('')
  expect(forPeople.exitCode()).toBe(1)
  const forPrograms = await failing(bug, '--json')
  expect(forPrograms.stderr()).toBe(`${bug.stack}\n`)
  expect(forPrograms.stdout()).toBe(`${JSON.stringify({error: {message: bug.message}})}\n`)
  expect(forPrograms.exitCode()).toBe(1)
})

test.each([
  ['an unknown flag', ['--nonsense']],
  ['an argument too many', ['x']],
])('%s is a usage error', async (_, argv) => {
  const shown = await failing(new HostError('not reached'), ...argv)
  expect(shown.exitCode()).toBe(2)
  expect(shown.stderr()).toMatch(/^Error: /mu)
  expect(shown.stderr()).not.toContain('not reached')
})
