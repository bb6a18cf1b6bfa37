import {describe, expect, test, vi} from 'vitest'
import type {AcceleratorProbe, Architecture} from '../../src/contract/architecture.js'
import type {ConfigDisk, ConfigDiskKind, ConfigSource, ConfigVolume} from '../../src/contract/config-disk.js'
import type {Placeholder} from '../../src/contract/plugin.js'
import type {Ending, PlacedStep, Plan, Step} from '../../src/contract/step.js'
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

/** How a plugin's error is shown: where secrets are at hand, only what kind of error it was. */
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

test.each(functions)(
  'what a function throws is named after plugin, contribution and member, but for an error of vmrun’s: %s',
  async (what, call) => {
    const boom = new Error('boom')
    expect(await thrownBy(() => call(throwing(boom)))).toMatchObject({...failure(what), cause: boom})
    expect(await thrownBy(() => call(throwing('boom')))).toMatchObject(failure(what))
    expect(await thrownBy(() => call(throwing(Object.create(null))))).toBeInstanceOf(HostError)
    for (const error of [
      new UsageError('the user'),
      new HostError('the host'),
      new GuestError('the guest'),
    ]) {
      expect(await thrownBy(() => call(throwing(error)))).toBe(error)
    }
  },
)

test.each(functions.slice(4))('so is what it rejects with: %s', async (what, call) => {
  const rejecting = vi.fn().mockRejectedValue(new Error('boom'))
  expect(await thrownBy(() => call(rejecting))).toMatchObject(failure(what))
})

describe('what a function must not return is named after plugin, contribution and member', () => {
  const lacks = 'Invalid input: expected'
  const noContent = 'expected a Uint8Array, or a volume with label and files'
  test.each([
    [0, [1], 'expected a Uint8Array'],
    [1, undefined, `${lacks} object, received undefined`],
    [
      1,
      Promise.resolve(configDisk),
      `title: ${lacks} string, received undefined; arguments: expected a function`,
    ],
    [1, {...configDisk, size: 1}, 'Unrecognized key: "size"'],
    [2, '-fda file', `${lacks} array, received string`],
    [2, ['-fda', null], `[1]: ${lacks} string, received null`],
    [3, undefined, noContent],
    [3, 'secret', noContent],
    [
      3,
      {label: 'ä', files: []},
      'label: expected 1 to 32 characters of printable ASCII, without a space at either end',
    ],
    [6, undefined, `${lacks} object, received undefined`],
    [6, {title: 'Mount'}, `commands: ${lacks} array, received undefined`],
    [8, undefined, `${lacks} string, received undefined`],
    [8, ['secret'], `${lacks} string, received array`],
  ])('%i %o', async (index, value, problem) => {
    const [what, call] = functions[index] ?? []
    expect(await thrownBy(() => call?.(gives(value)))).toMatchObject({
      name: 'HostError',
      message: `${what} gave what it must not: ${problem}`,
    })
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

describe('what holds goes through, on the plugin’s own object, also where its members come from a class:', () => {
  class Named {
    readonly #name: string
    constructor(name: string) {
      this.#name = name
    }
    get name(): string {
      return this.#name
    }
    get title(): string {
      return `The ${this.#name}`
    }
  }

  test('an architecture, and its probe', () => {
    class Probe extends Named implements AcceleratorProbe {
      readonly arguments = ['-m', '4']
      readonly exitCode = 33
      firmware(): Uint8Array {
        return Buffer.from(this.name)
      }
    }
    const guarded = guardedArchitecture('a', {...x86_64, probe: new Probe('probe')})
    expect(guarded.probe).toMatchObject({arguments: ['-m', '4'], exitCode: 33})
    expect(guarded.probe?.firmware()).toEqual(Buffer.from('probe'))
    expect(guarded.devices).toBe(x86_64.devices)
    const {probe: _, ...unprobed} = x86_64
    expect(guardedArchitecture('a', unprobed)).toBe(unprobed)
  })

  test('a config disk, with what it was asked', async () => {
    class Disk extends Named implements ConfigDisk {
      arguments(file: string): readonly string[] {
        return [this.title, file]
      }
      content({name}: ConfigSource): ConfigVolume {
        return {label: `${this.name} of ${name}`, files: []}
      }
      async watch(): Promise<void> {
        throw new Error(this.title)
      }
    }
    class Kind extends Named implements ConfigDiskKind {
      readonly asked: unknown[] = []
      configure(...given: readonly unknown[]): ConfigDisk {
        this.asked.push(...given)
        return new Disk(this.name)
      }
    }
    const kind = new Kind('floppy')
    const choice = {kind: 'floppy', size: 1}
    const disk = guardedConfigDiskKind('a', kind).configure(choice, x86_64, {key: 'value'})
    expect(kind.asked).toEqual([choice, x86_64, {key: 'value'}])
    expect(disk.title).toBe('The floppy')
    expect(disk.arguments('/file')).toEqual(['The floppy', '/file'])
    expect(disk.content?.(source)).toEqual({label: 'floppy of vm-1', files: []})
    await expect(disk.watch?.(new ScriptedMachine())).rejects.toThrow('The floppy')
    expect(Object.keys(configured())).toEqual(['title', 'arguments'])
  })

  test('a step, with its place and what it was handed', async () => {
    class Mount extends Named implements Step {
      get after(): string {
        return 'overlay'
      }
      get unlimited(): boolean {
        return true
      }
      async plan(_: unknown, directory: string): Promise<Plan> {
        return {title: `${this.title}: plan`, commands: [[directory]]}
      }
      async run(): Promise<string> {
        return `${this.title}: run`
      }
      async ended(_: unknown, {verdict}: Ending): Promise<void> {
        throw new Error(`${this.title}: ${verdict.name}`)
      }
    }
    const guarded = guardedStep('a', new Mount('mount'))
    expect(guarded).toMatchObject({
      ...{label: 'step "mount" of a', name: 'mount', title: 'The mount'},
      ...{always: false, unlimited: true},
    })
    expect(await guarded.run(run, noProgress, neverAborted)).toBe('The mount: run')
    expect(await guarded.plan?.(run, '/')).toEqual({title: 'The mount: plan', commands: [['/']]})
    await expect(guarded.ended?.(run, ending)).rejects.toThrow('The mount: completed')
    expect(guardedStep('a', step)).not.toHaveProperty('plan')
    expect(guardedStep('a', step)).not.toHaveProperty('ended')
  })

  test('a placeholder', async () => {
    class Vault extends Named implements Placeholder {
      async resolve(argument: string): Promise<string> {
        return `${this.name}: ${argument}`
      }
    }
    expect(await guardedPlaceholder('a', new Vault('vault')).resolve('x', surroundings)).toBe('vault: x')
  })
})
