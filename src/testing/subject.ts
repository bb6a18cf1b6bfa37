import {expect, test} from 'vitest'
import type {Plugin} from '../contract/plugin.js'
import {VmrunError} from '../errors/errors.js'
import {messageOf} from '../errors/thrown.js'
import type {RunRequest} from '../launch/prepare-run.js'
import {builtIn} from '../plugins/built-in.js'
import {checkDefinition} from '../plugins/definition.js'
import {Registry} from '../plugins/registry.js'
import {openInstance} from '../validation/open-instance.js'
import type {Bench} from './bench.js'

/** What is tested, and the instance that it is tested with. */
export interface Subject {
  /** As a plugin would contribute it. */
  readonly definition: Omit<Plugin, 'apiVersion'>
  /** Keys of the instance. */
  readonly keys: Readonly<Record<string, unknown>>
  /** The guest's image; an empty one without it. */
  readonly image: string | undefined
}

/** What the instance is called. */
export const instanceName = 'vm-1'

const plugin = {version: '1.0.0', type: 'user'} as const

/** Why vmrun would not take it; nothing when it does. */
function faultsOf(definition: Subject['definition']): readonly string[] {
  const checked = checkDefinition({apiVersion: 1, ...definition})
  return 'problem' in checked
    ? [checked.problem]
    : registryOf(checked.definition).problems.map(({message, hint}) => [message, hint].join('. '))
}

/** Checks that vmrun takes it. @returns whether it does: nothing else is worth looking at before */
export function describeAcceptance(definition: Subject['definition']): boolean {
  const faults = faultsOf(definition)
  test('vmrun accepts it', () => {
    expect(faults, `Mend this:\n${faults.join('\n')}\n`).toEqual([])
  })
  return faults.length === 0
}

function registryOf(definition: Plugin): Registry {
  return new Registry([
    {...plugin, name: 'vmrun', isOwn: true, definition: builtIn},
    {...plugin, name: 'the plugin under test', isOwn: false, definition},
  ])
}

/** Asks vmrun for a run of the subject, by an instances file, and remembers what is there before. */
export async function requestOf(bench: Bench, {definition, keys, image}: Subject): Promise<RunRequest> {
  const registry = registryOf({apiVersion: 1, ...definition})
  const file = await bench.instancesFile({...keys, name: instanceName, image: await bench.image(image)})
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
