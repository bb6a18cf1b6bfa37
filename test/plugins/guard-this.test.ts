import {describe, expect, test} from 'vitest'
import type {AcceleratorProbe} from '../../src/contract/architecture.js'
import type {ConfigDisk, ConfigDiskKind} from '../../src/contract/config-disk.js'
import type {Placeholder} from '../../src/contract/plugin.js'
import type {Plan, Step} from '../../src/contract/step.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {
  guardedArchitecture,
  guardedConfigDiskKind,
  guardedPlaceholder,
  guardedStep,
} from '../../src/plugins/guard.js'
import {neverAborted, noProgress, sampleRun} from '../run/sample-run.js'
import {ScriptedMachine} from '../run/scripted-machine.js'

const ending = {
  verdict: {name: 'completed', exitCode: 0},
  seconds: 1,
  signal: new AbortController().signal,
} as const
const surroundings = {environment: {}, directory: '/'}
const source = {name: 'vm-1', config: {}}
const {run} = sampleRun()

describe('`this` is the plugin’s own object, also where its members come from a class:', () => {
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

  test('of a step', async () => {
    class Mount extends Named implements Step {
      get after(): string {
        return 'overlay'
      }
      get unlimited(): boolean {
        return true
      }
      async plan(): Promise<Plan> {
        return {title: `${this.title}: plan`, commands: []}
      }
      async run(): Promise<string> {
        return `${this.title}: run`
      }
      async ended(): Promise<void> {
        throw new Error(`${this.title}: ended`)
      }
    }
    const guarded = guardedStep('a', new Mount('mount'))
    expect(guarded).toMatchObject({name: 'mount', title: 'The mount', after: 'overlay', unlimited: true})
    expect(await guarded.run(run, noProgress, neverAborted)).toBe('The mount: run')
    expect(await guarded.plan?.(run, '/')).toEqual({title: 'The mount: plan', commands: []})
    await expect(guarded.ended?.(run, ending)).rejects.toThrow('The mount: ended')
  })

  test('of a config disk', async () => {
    class Disk extends Named implements ConfigDisk {
      arguments(file: string): readonly string[] {
        return [this.title, file]
      }
      content(): Uint8Array {
        return Buffer.from(this.title)
      }
      async watch(): Promise<void> {
        throw new Error(this.title)
      }
    }
    class Kind extends Named implements ConfigDiskKind {
      configure(): ConfigDisk {
        return new Disk(this.name)
      }
    }
    const disk = guardedConfigDiskKind('a', new Kind('floppy')).configure({kind: 'floppy'}, x86_64, {})
    expect(disk.title).toBe('The floppy')
    expect(disk.arguments('/file')).toEqual(['The floppy', '/file'])
    expect(disk.content?.(source)).toEqual(Buffer.from('The floppy'))
    await expect(disk.watch?.(new ScriptedMachine())).rejects.toThrow('The floppy')
  })

  test('of a placeholder', async () => {
    class Vault extends Named implements Placeholder {
      async resolve(argument: string): Promise<string> {
        return `${this.name}: ${argument}`
      }
    }
    expect(await guardedPlaceholder('a', new Vault('vault')).resolve('x', surroundings)).toBe('vault: x')
  })

  test('of a probe', () => {
    class Probe extends Named implements AcceleratorProbe {
      readonly arguments = []
      readonly exitCode = 1
      firmware(): Uint8Array {
        return Buffer.from(this.name)
      }
    }
    const guarded = guardedArchitecture('a', {...x86_64, probe: new Probe('probe')})
    expect(guarded.probe?.firmware()).toEqual(Buffer.from('probe'))
  })
})
