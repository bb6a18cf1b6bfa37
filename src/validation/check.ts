import {type CheckedEntry, holds} from '../instances/checked-entry.js'
import type {Instance} from '../instances/instance.js'
import type {KeyPath} from '../instances/key-path.js'
import type {Registry} from '../plugins/registry.js'
import type {RuleId, Severity} from '../rules.js'

/** What a check has found about one instance. */
export interface Found {
  readonly rule: RuleId
  /** Default: an error. */
  readonly severity?: Severity
  /** Shows no value of the config. */
  readonly message: string
  readonly hint?: string | undefined
  /** The value that it is about. */
  readonly at: KeyPath
  readonly isDoubtful?: boolean
}

type Look<Values> = (values: Values, registry: Registry) => readonly Found[] | Promise<readonly Found[]>

/** Looks at an entry of an instances file, as far as that holds, and at what is known beside it. */
export type Check = Look<CheckedEntry>

/**
 * A check of what an instance says, by the values of a few of its keys. It is not asked where one of them does not hold,
 * which is a problem by itself already.
 */
export function checkOf<Key extends keyof Instance>(
  keys: readonly Key[],
  look: Look<Pick<Instance, Key>>,
): Check {
  return (entry, registry) => (holds(entry, keys) ? look(entry.values, registry) : [])
}
