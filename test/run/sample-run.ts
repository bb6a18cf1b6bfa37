import {vi} from 'vitest'
import type {RunEvent, Verdict} from '../../src/contract/events.js'
import type {Instance} from '../../src/contract/instance.js'
import type {OwnRun, RunInput} from '../../src/contract/run.js'
import type {Step} from '../../src/contract/step.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {QemuCommandLine} from '../../src/qemu/command/arguments.js'
import {runPipeline} from '../../src/run/pipeline.js'
import {type EphemeralRun, ephemeralRun} from '../../src/run/run.js'

/** An instance with the defaults of the instances file. */
export const sampleInstance: Instance = {
  name: 'vm-1',
  image: '/images/base.qcow2',
  'timeout-seconds': 600,
  config: {},
  arch: 'x86_64',
  'cpu-cores': 1,
  ram: '1G',
  'guest-agent': false,
  'config-disk': {kind: 'cdrom'},
  accelerator: 'tcg',
  network: 'user',
  reboot: 'allow',
  relax: [],
  'start-seconds': 60,
  'grace-seconds': 60,
}

/** A run, and everything that it has told so far. */
export interface SampleRun {
  readonly run: EphemeralRun
  readonly events: RunEvent[]
}

/** A run whose work directory does not exist unless one is named. */
export function sampleRun({
  instance,
  ...input
}: Partial<Omit<RunInput, 'instance'>> & {readonly instance?: Partial<Instance>} = {}): SampleRun {
  const events: RunEvent[] = []
  const run = ephemeralRun(
    {
      instance: {...sampleInstance, ...instance},
      config: {},
      contributed: {},
      architecture: x86_64,
      configDisk: {title: 'no disk', arguments: () => []},
      instancesFile: '/etc/instances.json',
      environment: {},
      workDirectory: '/proc/nonexistent',
      cacheDirectory: '/proc/nonexistent',
      user: undefined,
      commandLine: new QemuCommandLine(),
      ...input,
    },
    event => events.push(event),
  )
  return {run, events}
}

/** A run that has begun, under timers that a test moves on. */
export interface BegunRun extends SampleRun {
  readonly verdict: Promise<Verdict>
  /** Whether the run is over when so many milliseconds more have passed. */
  readonly isOverIn: (milliseconds: number) => Promise<boolean>
}

/** Begins a run that gives its steps 30 seconds. */
export function begin(...steps: readonly Step<OwnRun>[]): BegunRun {
  const sample = sampleRun({instance: {'start-seconds': 30}})
  let over = false
  const verdict = runPipeline(steps, sample.run).finally(() => {
    over = true
  })
  return {
    ...sample,
    verdict,
    isOverIn: async milliseconds => {
      await vi.advanceTimersByTimeAsync(milliseconds)
      return over
    },
  }
}

/** What never comes. */
export const never = new Promise<never>(() => undefined)

/** Waits by the timers that a test moves on, in milliseconds. */
export async function wait(milliseconds: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, milliseconds))
}

/** Waits for a signal. */
export async function aborted(signal: AbortSignal): Promise<void> {
  await new Promise(resolve => signal.addEventListener('abort', resolve))
}

/** For a step that nobody gives up. */
export const neverAborted = new AbortController().signal

/** For a step that is not asked what it is busy with. */
export const noProgress = (): undefined => undefined

/** The events of one type. */
export function ofType<Type extends RunEvent['type']>(
  events: readonly RunEvent[],
  type: Type,
): readonly Extract<RunEvent, {readonly type: Type}>[] {
  return events.filter((event): event is Extract<RunEvent, {readonly type: Type}> => event.type === type)
}
