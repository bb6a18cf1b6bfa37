import type {ZodType, z} from 'zod'
import type {Span} from '../json/fault.js'
import {isJsonObject, type JsonValue} from '../json/value.js'
import {pathIn} from '../path-in.js'
import type {Entry} from './entry.js'
import type {Instance} from './instance.js'
import {spanOfValue} from './source-places.js'

/** An entry of an instances file, and what of it holds. */
export interface CheckedEntry {
  /** What it is; undefined where something of it does not hold. */
  readonly instance: Instance | undefined
  /** The values of the keys that hold, as in an instance. */
  readonly values: Partial<Instance>
  /** The keys that do not hold, or are missing. */
  readonly broken: ReadonlySet<string>
  /** What it is compared by with another one. */
  readonly content: unknown
  /** The offset in the text at which it stands. */
  readonly start: number
  /** What to point at for its name. */
  readonly nameSpan: Span
}

/** Whether all of these keys of an entry hold, so that their values can be looked at. */
export function holds<Key extends keyof Instance>(
  entry: CheckedEntry,
  keys: readonly Key[],
): entry is CheckedEntry & {readonly values: Pick<Instance, Key>} {
  return keys.every(key => !entry.broken.has(key))
}

/** What of an entry holds. @param parsed what its schema made of it, or says against it */
export function checkedEntry(
  {value, node}: Entry,
  {data, error}: z.ZodSafeParseResult<Instance>,
  {isSound, schemas, directory}: Surroundings,
): CheckedEntry {
  const whole = data && withAbsolutePaths(data, directory)
  const instance = isSound ? whole : undefined
  return {
    instance,
    values: whole ?? withAbsolutePaths(valuesOf(value, schemas), directory),
    // What has no path is an unknown key, which is none of these.
    broken: new Set(error?.issues.flatMap(({path}) => path.slice(0, 1).map(String))),
    content: instance ?? value,
    start: node.start,
    nameSpan: spanOfValue(node, ['name']),
  }
}

interface Surroundings {
  /** Whether nothing else is wrong with it than what its schema says. */
  readonly isSound: boolean
  /** Of the keys, each for itself. */
  readonly schemas: Readonly<Record<string, ZodType>>
  /** Absolute: what paths are relative to. */
  readonly directory: string
}

/** What the keys of an entry stand for, each for itself. */
function valuesOf(value: JsonValue, schemas: Readonly<Record<string, ZodType>>): Partial<Instance> {
  if (!isJsonObject(value)) {
    return {}
  }
  const given = (key: string) => (Object.hasOwn(value, key) ? value[key] : undefined)
  return Object.fromEntries(
    Object.entries(schemas).map(([key, schema]) => [key, schema.safeParse(given(key)).data]),
  )
}

function withAbsolutePaths<Values extends Partial<Instance>>(values: Values, directory: string): Values {
  const {image, 'backing-files': files} = values
  return {
    ...values,
    ...(image !== undefined && {image: pathIn(directory, image)}),
    ...(files !== undefined && {'backing-files': files.map(file => pathIn(directory, file))}),
  }
}
