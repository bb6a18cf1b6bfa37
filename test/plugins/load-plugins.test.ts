import {EventEmitter, once} from 'node:events'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {HostError} from '../../src/errors/errors.js'
import {loadPlugins, type PluginSource} from '../../src/plugins/load-plugins.js'
import {temporaryDirectory} from '../temporary-directory.js'

vi.mock('node:timers/promises', () => import('../run/fakeable-timers.js'))
afterEach(() => {
  vi.useRealTimers()
})

const found = {name: 'vmrun-plugin-a', version: '1.0.0', isOwn: false, type: 'user'}
const definition = {apiVersion: 1, architectures: []}
const never = (): Promise<never> => new Promise(() => undefined)
const boom = (error: unknown): never => {
  throw error
}

const source = (load: () => unknown, name = found.name): PluginSource => ({
  ...found,
  name,
  load: async () => await load(),
})
const good = source(() => async () => definition, 'vmrun-plugin-good')

/** A plugin that is the default export of a real module; in a folder whose modules vitest leaves to Node. */
async function moduleSource(text: string): Promise<PluginSource> {
  const file = path.join(await temporaryDirectory(), 'node_modules', 'plugin.mjs')
  await mkdir(path.dirname(file))
  await writeFile(file, text)
  return source(async () => Reflect.get(await import(pathToFileURL(file).href), 'default'))
}

/** Why a plugin could not be loaded, beside one that is loaded whatever happens. */
async function failureOf(plugin: PluginSource): Promise<unknown> {
  const [failed, loaded] = await loadPlugins([plugin, good])
  expect(loaded).toEqual({...found, name: 'vmrun-plugin-good', definition})
  expect(failed).toMatchObject(found)
  return Reflect.get(failed ?? {}, 'failure')
}

test('a plugin that holds is loaded, with what is known of its package', async () => {
  expect(await loadPlugins([{...good, needs: '>=0.1.0'}])).toEqual([
    {...found, name: 'vmrun-plugin-good', needs: '>=0.1.0', definition},
  ])
  // A hook need not be asynchronous.
  expect(await loadPlugins([source(() => () => definition)])).toEqual([{...found, definition}])
})

describe('a plugin keeps no other from being loaded, and is told in one line, when', () => {
  test.each([
    ['it throws when it is imported', 'throw new Error("boom")', 'boom'],
    ['its hook throws', 'export default () => { throw new Error("boom") }', 'boom'],
    ['its hook rejects', 'export default async () => { throw new Error("boom") }', 'boom'],
    [
      'a module is missing',
      'import "missing-package"',
      /^Cannot find package 'missing-package'.*plugin\.mjs$/u,
    ],
    ['it is no JavaScript', 'export default {', /^Unexpected|^Parse/u],
    ['it names what a module does not export', 'import {nothing} from "node:fs"', /nothing/u],
  ])('%s', async (_, text, why) => {
    const failure = await failureOf(await moduleSource(text))
    expect(failure).toMatchObject({message: expect.stringMatching(why), cause: expect.anything()})
  })

  test.each([
    [new Error('first\nsecond'), 'first'],
    [new Error('\n  first  \r\nsecond'), 'first'],
    [Object.assign(new Error('why'), {message: ''}), 'it does not say why'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [Object.create(null), 'it threw what cannot be shown'],
  ])('it throws %s', async (thrown, message) => {
    expect(await failureOf(source(() => boom(thrown)))).toEqual({message, cause: thrown})
  })

  test('it throws an error of vmrun’s: with its hint', async () => {
    const thrown = new HostError('no socket', {hint: 'start it'})
    expect(await failureOf(source(() => boom(thrown)))).toMatchObject({
      message: 'no socket',
      hint: 'start it',
    })
  })

  test.each([
    ['nothing', undefined],
    ['no function', {default: definition}],
    ['a function that gives nonsense', () => 'nonsense'],
  ])('its module exports %s', async (_, exported) => {
    expect(await failureOf(source(() => exported))).toMatchObject({message: 'its hook gives no definition'})
  })

  test('its definition does not hold: with all that is wrong in one line', async () => {
    expect(await failureOf(source(() => () => ({...definition, steps: 1, commands: []})))).toEqual({
      message: 'Unrecognized key: "commands"; steps: Invalid input: expected array, received number',
    })
  })

  test.each([undefined, null, '1', 0, -1, Number.NaN])('its version is none: %s', async apiVersion => {
    expect(await failureOf(source(() => () => ({apiVersion})))).toEqual({
      message: 'apiVersion: Invalid input: expected 1',
    })
  })

  test('it is written for another version', async () => {
    const newer = source(() => () => ({apiVersion: 2}))
    expect(await failureOf({...newer, needs: '^3.0.0'})).toMatchObject({
      message: expect.stringContaining('version 2'),
      hint: expect.stringContaining('^3.0.0'),
    })
  })

  test.each([
    ['its import hangs', () => never()],
    ['its hook hangs', () => never],
  ])('%s', async (_, load) => {
    vi.useFakeTimers()
    const failure = failureOf(source(load))
    await vi.runAllTimersAsync()
    expect(await failure).toMatchObject({message: expect.stringMatching(/^still not done after/u)})
  })

  test('it fails after nobody waits for it any more', async () => {
    vi.useFakeTimers()
    const late = new EventEmitter()
    const failure = failureOf(source(() => once(late, 'never')))
    await vi.runAllTimersAsync()
    late.emit('error', new Error('late'))
    expect(await failure).toMatchObject({message: expect.stringMatching(/^still not done after/u)})
  })
})

test('no plugin waits for another', async () => {
  const meeting = new EventEmitter()
  const waits = async (): Promise<() => unknown> => {
    await once(meeting, 'there')
    return () => definition
  }
  const comes = (): (() => unknown) => {
    meeting.emit('there')
    return () => definition
  }
  expect(await loadPlugins([source(waits, 'a'), source(comes, 'b')])).toMatchObject([
    {name: 'a', definition},
    {name: 'b', definition},
  ])
})
