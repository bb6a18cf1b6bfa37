import {afterEach, describe, expect, test, vi} from 'vitest'
import type {Architecture} from '../../src/contract/architecture.js'
import type {ConfigDisk, ConfigDiskKind} from '../../src/contract/config-disk.js'
import type {Placeholder} from '../../src/contract/plugin.js'
import type {PlacedStep} from '../../src/contract/step.js'
import {GuestError, HostError, UsageError} from '../../src/errors/errors.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {
  guardedArchitecture,
  guardedConfigDiskKind,
  guardedPlaceholder,
  guardedStep,
} from '../../src/plugins/guard.js'
import {neverAborted, noProgress, sampleRun} from '../run/sample-run.js'
import {ScriptedMachine} from '../run/scripted-machine.js'

vi.mock('node:timers/promises', () => import('../run/fakeable-timers.js'))
afterEach(() => {
  vi.useRealTimers()
})

const ending = {
  verdict: {name: 'completed', exitCode: 0},
  seconds: 1,
  signal: new AbortController().signal,
} as const
const surroundings = {environment: {}, directory: '/'}
const {run} = sampleRun()

/** The types do not bind what a plugin is written in: a function that does anything. */
const gives = (value: unknown) => vi.fn().mockReturnValue(value)
const throwing = (error: unknown) =>
  vi.fn().mockImplementation(() => {
    throw error
  })

const ours = [new UsageError('the user'), new HostError('the host'), new GuestError('the guest')]

/** How a plugin's error is shown. */
/** Where secrets are at hand, only what kind of error it was is told. */
const failure = (what: string) => ({
  name: 'HostError',
  message: /content|placeholder/u.test(what)
    ? expect.stringMatching(/ failed: (?:Error, whose message may hold a secret|it threw no error)$/u)
    : `${what} failed: boom`,
})

/** What is thrown, or rejected with. */
async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    return {returned: await work()}
  } catch (error) {
    return error
  }
}

const configDisk: ConfigDisk = {title: 'Floppy', arguments: file => ['-fda', file]}
const floppy: ConfigDiskKind = {name: 'floppy', configure: () => configDisk}
const step: PlacedStep = {name: 'mount', title: 'Mount', before: 'qemu', run: async () => 'mounted'}
const vault: Placeholder = {name: 'vault', resolve: async argument => `secret of ${argument}`}
const probe = {arguments: ['-m', '4'], firmware: () => Uint8Array.of(1), exitCode: 33}

/** A guarded config disk. */
const configured = (members: Partial<ConfigDisk> = {}): ConfigDisk =>
  guardedConfigDiskKind('a', {...floppy, configure: gives({...configDisk, ...members})}).configure(
    {kind: 'floppy'},
    x86_64,
    {},
  )
const probed = (firmware: () => Uint8Array): Architecture =>
  guardedArchitecture('a', {...x86_64, name: 'x', probe: {...probe, firmware}})

const source = {name: 'vm-1', config: {}}

/** Each function of a plugin: how it is called, when it does what it is given. */
const functions: ReadonlyArray<readonly [string, (work: ReturnType<typeof gives>) => unknown]> = [
  ['architecture "x" of a: probe.firmware', work => probed(work).probe?.firmware()],
  [
    'config disk "floppy" of a: configure',
    work => guardedConfigDiskKind('a', {...floppy, configure: work}).configure({kind: 'floppy'}, x86_64, {}),
  ],
  ['config disk "floppy" of a: arguments', work => configured({arguments: work}).arguments('/file')],
  ['config disk "floppy" of a: content', work => configured({content: work}).content?.(source)],
  ['config disk "floppy" of a: watch', work => configured({watch: work}).watch?.(new ScriptedMachine())],
  ['step "mount" of a', work => guardedStep('a', {...step, run: work}).run(run, noProgress, neverAborted)],
  ['step "mount" of a: plan', work => guardedStep('a', {...step, plan: work}).plan?.(run, '/tmp')],
  ['step "mount" of a: ended', work => guardedStep('a', {...step, ended: work}).ended?.(run, ending)],
  [
    'placeholder "vault" of a',
    work => guardedPlaceholder('a', {...vault, resolve: work}).resolve('x', surroundings),
  ],
]

describe('what a function throws is named after plugin, contribution and member', () => {
  test.each(functions)('%s', async (what, call) => {
    const boom = new Error('boom')
    expect(await thrownBy(() => call(throwing(boom)))).toMatchObject({...failure(what), cause: boom})
    expect(await thrownBy(() => call(throwing('boom')))).toMatchObject(failure(what))
    expect(await thrownBy(() => call(throwing(Object.create(null))))).toBeInstanceOf(HostError)
  })

  test.each(functions.slice(4))('and what it rejects with: %s', async (what, call) => {
    const rejecting = vi.fn().mockRejectedValue(new Error('boom'))
    expect(await thrownBy(() => call(rejecting))).toMatchObject(failure(what))
  })

  test.each(functions)('but an error of vmrun’s is shown as it is: %s', async (_, call) => {
    for (const error of ours) {
      expect(await thrownBy(() => call(throwing(error)))).toBe(error)
    }
  })
})

describe('what a function must not return is named after plugin, contribution and member', () => {
  const title = 'expected string, received undefined'
  test.each([
    [0, undefined, 'expected a Uint8Array'],
    [0, [1], 'expected a Uint8Array'],
    [1, undefined, 'expected object, received undefined'],
    [1, Promise.resolve(configDisk), `title: ${title}; arguments: expected a function`],
    [1, {...configDisk, size: 1}, 'the member size is not known'],
    [2, '-fda file', 'expected array, received string'],
    [2, ['-fda', null], '1: expected string, received null'],
    [3, undefined, 'expected a Uint8Array, or a volume with label and files'],
    [3, 'secret', 'expected a Uint8Array, or a volume with label and files'],
    [
      3,
      {label: 'ä', files: []},
      'label: expected 1 to 32 characters of printable ASCII, without a space at either end',
    ],
    [6, undefined, 'expected object, received undefined'],
    [6, {title: 'Mount'}, 'commands: expected array, received undefined'],
  ])('%i %o', async (index, value, fault) => {
    const [what, call] = functions[index] ?? []
    expect(await thrownBy(() => call?.(gives(value)))).toMatchObject({
      name: 'HostError',
      message: `${what} gave what it must not: ${fault}`,
    })
  })

  test.each([undefined, 7, null, ['secret']])('a placeholder gives no text but %o', async value => {
    const error = await thrownBy(() =>
      guardedPlaceholder('a', {...vault, resolve: gives(value)}).resolve('x', surroundings),
    )
    expect(error).toMatchObject({name: 'HostError', message: 'placeholder "vault" of a gave no text'})
  })

  test('a step that gives no title has the one that it had', async () => {
    const guarded = guardedStep('a', {...step, run: gives(undefined)})
    expect(await guarded.run(run, noProgress, neverAborted)).toBe('Mount')
  })
})

test('a placeholder that takes too long is given up, by name', async () => {
  vi.useFakeTimers()
  const hangs = guardedPlaceholder('a', {...vault, resolve: () => new Promise(() => undefined)})
  const error = thrownBy(() => hangs.resolve('x', surroundings))
  await vi.runAllTimersAsync()
  expect(await error).toMatchObject({
    name: 'HostError',
    message: expect.stringMatching(/^placeholder "vault" of a failed: still not done after/u),
  })
})

describe('what holds goes through:', () => {
  test('an architecture, and its probe', () => {
    const guarded = probed(probe.firmware)
    expect(guarded.probe).toMatchObject({arguments: ['-m', '4'], exitCode: 33})
    expect(guarded.probe?.firmware()).toEqual(Uint8Array.of(1))
    expect(guarded.name).toBe('x')
    expect(guarded.devices).toBe(x86_64.devices)
  })

  test('an architecture without a probe, as it is', () => {
    const {probe: _, ...unprobed} = x86_64
    expect(guardedArchitecture('a', unprobed)).toBe(unprobed)
  })

  test('a config disk, with what it was asked', async () => {
    const configure = gives({
      ...configDisk,
      content: (asked: typeof source) => ({label: asked.name, files: []}),
      watch: async () => undefined,
    })
    const disk = guardedConfigDiskKind('a', {...floppy, configure}).configure(
      {kind: 'floppy', size: 1},
      x86_64,
      {
        key: 'value',
      },
    )
    expect(configure).toHaveBeenCalledWith({kind: 'floppy', size: 1}, x86_64, {key: 'value'})
    expect(disk.title).toBe('Floppy')
    expect(disk.arguments('/file')).toEqual(['-fda', '/file'])
    expect(disk.content?.(source)).toEqual({label: 'vm-1', files: []})
    expect(await disk.watch?.(new ScriptedMachine())).toBeUndefined()
  })

  test('what a config disk leaves out stays left out', () => {
    expect(Object.keys(configured())).toEqual(['title', 'arguments'])
  })

  test('a step, with its place and what it was handed', async () => {
    const plan = vi.fn(async () => ({title: 'would mount', commands: [['mount']]}))
    const ended = vi.fn(async () => undefined)
    const guarded = guardedStep('a', {...step, plan, ended, always: true, unlimited: true})
    expect(guarded).toMatchObject({
      name: 'mount',
      title: 'Mount',
      before: 'qemu',
      always: true,
      unlimited: true,
    })
    expect(await guarded.run(run, noProgress, neverAborted)).toBe('mounted')
    expect(await guarded.plan?.(run, '/tmp')).toEqual({title: 'would mount', commands: [['mount']]})
    expect(plan).toHaveBeenCalledWith(run, '/tmp')
    await guarded.ended?.(run, ending)
    expect(ended).toHaveBeenCalledWith(run, ending)
  })

  test('what a step leaves out stays left out', () => {
    expect(guardedStep('a', step).plan).toBeUndefined()
    expect(guardedStep('a', step).ended).toBeUndefined()
  })

  test('a placeholder', async () => {
    expect(await guardedPlaceholder('a', vault).resolve('door', surroundings)).toBe('secret of door')
  })
})
