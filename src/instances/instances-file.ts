import {dirname, resolve} from 'node:path'
import {findDuplicateKeys} from './checks/duplicate-keys.js'
import {type CheckedEntry, separateDuplicateNames} from './checks/duplicate-names.js'
import {findInexactNumbers} from './checks/inexact-numbers.js'
import {describeViolations} from './checks/schema-violations.js'
import {type Entry, splitIntoEntries} from './entry.js'
import type {Instance} from './instance.js'
import {parseJson} from './json-document.js'
import type {KeyPath} from './key-path.js'
import type {Finding, Place, Problem} from './problem.js'
import {type Doubt, type InstanceFormat, instanceSchema} from './schema.js'
import {placeOfValue} from './source-places.js'
import {placeAt, readSourceText} from './source-text.js'

/** What an instances file says, and what is wrong with it. */
export interface InstancesFile {
  /** As the user named it. */
  readonly path: string
  /** Absolute; what the paths in the file are relative to. */
  readonly directory: string
  /** The entries that hold, in the file's order, each name once. */
  readonly instances: readonly Instance[]
  /** Everything that is wrong, in the file's order. */
  readonly problems: readonly Problem[]
  /**
   * Where the value at `path` of `instance`, one of `instances`, stands in the file. A value that the file does not
   * hold, such as a default, stands where its instance does.
   */
  readonly place: (instance: Instance, ...path: KeyPath) => Place | undefined
}

/**
 * Reads and checks the instances file `path`. Rejects for nothing that the file holds, not even for a missing file:
 * all of that is in `problems`.
 */
export async function readInstancesFile(path: string, format: InstanceFormat): Promise<InstancesFile> {
  const directory = dirname(resolve(path))
  const source = await readSourceText(path)
  const {entries, findings} =
    source.text === undefined
      ? nothing
      : checkText(source.text, {schema: instanceSchema(format), directory, doubt: format.doubt})
  const nodes = new Map(entries.map(({entry, instance}) => [instance, entry.node]))
  return {
    path,
    directory,
    instances: entries.map(({instance}) => instance),
    problems: [...source.findings, ...findings].toSorted(byPlace).map(finding => ({file: path, ...finding})),
    place(instance, ...keyPath) {
      const node = nodes.get(instance)
      return node === undefined ? undefined : placeOfValue(node, keyPath)
    },
  }
}

interface Checked {
  readonly entries: readonly CheckedEntry[]
  readonly findings: readonly Finding[]
}

interface Context {
  readonly schema: ReturnType<typeof instanceSchema>
  readonly doubt: Doubt | undefined
  readonly directory: string
}

const nothing: Checked = {entries: [], findings: []}

function checkText(text: string, context: Context): Checked {
  const parsed = parseJson(text)
  if ('offset' in parsed) {
    const {offset, message, hint} = parsed
    return {entries: [], findings: [{severity: 'error', message, hint, ...placeAt(text, offset)}]}
  }
  const document = splitIntoEntries(parsed)
  const checked = document.entries.map(entry => checkEntry(entry, text, context))
  const {distinct, findings} = separateDuplicateNames(checked.flatMap(({entries}) => entries))
  return {
    entries: distinct,
    findings: [...document.findings, ...checked.flatMap(entry => entry.findings), ...findings],
  }
}

function checkEntry(entry: Entry, text: string, {schema, directory, doubt}: Context): Checked {
  const {data, error} = schema.safeParse(entry.value)
  const findings = [
    ...findDuplicateKeys(entry),
    ...findInexactNumbers(entry, text),
    ...describeViolations(entry, error?.issues ?? [], schema.shape, doubt),
  ]
  if (data === undefined || findings.length > 0) {
    return {entries: [], findings}
  }
  return {entries: [{entry, instance: withAbsolutePaths(data, directory)}], findings}
}

function withAbsolutePaths(data: Instance, directory: string): Instance {
  const {image, 'backing-files': files} = data
  return {
    ...data,
    image: resolve(directory, image),
    ...(files === undefined ? {} : {'backing-files': files.map(file => resolve(directory, file))}),
  }
}

function byPlace(first: Finding, second: Finding): number {
  return (first.line ?? 0) - (second.line ?? 0) || (first.column ?? 0) - (second.column ?? 0)
}
