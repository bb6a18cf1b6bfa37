import {writeFile} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import type {Instance} from '../contract/instance.js'
import type {JsonObject} from '../contract/json-value.js'
import type {Plugin} from '../contract/plugin.js'
import {messageOf, VmrunError} from '../errors/errors.js'
import type {RunRequest} from '../launch/prepare-run.js'
import {builtIn} from '../plugins/built-in.js'
import {demandDefinition} from '../plugins/definition.js'
import {Registry} from '../plugins/registry.js'
import {openInstance} from '../validation/open-instance.js'
import {Bench, hostileName} from './bench.js'

/** What the guests of a suite are run with. */
export interface GuestOptions {
  /**
   * The path of a guest's qcow2 image; nothing of it is changed. Without it, what needs a guest is skipped.
   *
   * The guest prints the text of instance.json on its serial console, and does as `"action"` in the config says:
   * - `"power-off"`, or none: it powers off by itself.
   * - `"wait"`: it prints `waiting`, waits for the power button, and powers off when that is pressed. On a machine that
   *   has none it waits for ever.
   */
  readonly image: string | undefined
  /** As in an instance. Default: `tcg`, which is the same on every host. */
  readonly accelerator?: Instance['accelerator']
  /** Further keys of the instances that are run: `{ram: '1G'}`. Default of `ram`: `256M`. */
  readonly instance?: Readonly<Record<string, unknown>>
  /** The longest that the guest takes to boot and to power off on the slowest host, in seconds. Default: 120. */
  readonly guestSeconds?: number
}

/** The config of a guest that is to do something. No character in it may change what it means. */
export function hostileConfig(action: 'power-off' | 'wait'): JsonObject {
  return {action, text: `${hostileName} \u001b[2J \t \\" {"config": 1}`}
}

/** What is tested, and the instance that it is tested with. */
export interface Subject {
  /** As a plugin would contribute it. */
  readonly definition: Omit<Plugin, 'apiVersion'>
  /** Keys of the instance. */
  readonly keys: Readonly<Record<string, unknown>>
  /** The guest's image; an empty one without it. */
  readonly image: string | undefined
  /** How long its guest takes at most. */
  readonly guestSeconds: number
}

/** What is contributed, and an instance that is run with it. */
export function subjectOf(
  definition: Subject['definition'],
  {accelerator = 'tcg', guestSeconds = 120, image, instance}: Partial<GuestOptions>,
  keys: Subject['keys'],
): Subject {
  return {
    definition,
    keys: {
      ram: '256M',
      accelerator,
      config: hostileConfig('power-off'),
      ...instance,
      'timeout-seconds': guestSeconds,
      'grace-seconds': guestSeconds,
      ...keys,
    },
    image,
    guestSeconds,
  }
}

/** The same with other keys. */
export function withKeys(subject: Subject, keys: Subject['keys']): Subject {
  return {...subject, keys: {...subject.keys, ...keys}}
}

/** What the instance is called. */
export const instanceName = 'vm-1'

/** Checks that vmrun takes what is contributed, and further ones where it does: nothing else is worth looking at before. */
export function describeSubject(
  title: string,
  {definition, guestSeconds}: Subject,
  further: () => void,
): void {
  // For one check: a guest that takes its time twice, and what is around it.
  const timeout = (2 * guestSeconds + 60) * 1000
  describe.sequential(title, {timeout}, () => {
    const problems = problemsOf(definition)
    test('vmrun accepts it', () => {
      expect(problems, `Mend this:\n${problems.join('\n')}\n`).toEqual([])
    })

    describe.runIf(problems.length === 0)('in a run', further)
  })
}

/** Why vmrun would not take it; nothing when it does. */
function problemsOf(definition: Subject['definition']): readonly string[] {
  try {
    demandDefinition({apiVersion: 1, ...definition})
  } catch (error) {
    return [messageOf(error)]
  }

  return registryOf(definition).problems.map(({message, hint}) => [message, hint].join('. '))
}

/** What vmrun has with it: with nothing, vmrun alone. */
export function registryOf(definition: Subject['definition']): Registry {
  const plugin = {version: '1.0.0'}
  return new Registry([
    {...plugin, name: 'vmrun', isOwn: true, definition: builtIn},
    {...plugin, name: 'the plugin under test', isOwn: false, definition: {apiVersion: 1, ...definition}},
  ])
}

/** Asks vmrun for a run of the subject, by an instances file, and remembers what is there before. */
export async function requestOf(bench: Bench, {definition, keys, image}: Subject): Promise<RunRequest> {
  const registry = registryOf(definition)
  const file = bench.path('instances.json')
  const instance = {...keys, name: instanceName, image: await bench.image(image)}
  await writeFile(file, JSON.stringify([instance]))
  const opened = await advising('Change the option "instance", or what the plugin makes of it.', () =>
    openInstance(file, instanceName, registry),
  )
  await bench.remember()
  return {
    opened,
    registry,
    workDir: undefined,
    user: undefined,
    cacheDirectory: bench.path('cache'),
    environment: bench.environment,
  }
}

/** Expects that what would be done can be told, and that nothing is made for it. */
export async function expectNothingMade(
  subject: Subject,
  plan: (request: RunRequest) => Promise<unknown>,
  advice: string,
): Promise<void> {
  const bench = await Bench.make()
  const request = await requestOf(bench, subject)
  await advising(advice, () => plan(request))
  await bench.expectNothingLeft(advice)
}

/** Does something, and says what to do where that fails. */
export async function advising<Result>(advice: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw new Error([describeError(error), advice].join('\n'), {cause: error})
  }
}

/** A failure as vmrun shows it: message and hint. */
export function describeError(error: unknown): string {
  const hint = error instanceof VmrunError ? error.hint : undefined
  return [messageOf(error), ...(hint === undefined ? [] : [hint])].join('\n')
}
