import {dirname} from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import type {Instance} from '../contract/instance.js'
import {absolutePath, pathIn} from '../host/path-in.js'
import {isInherited} from '../host/read-file.js'
import {didYouMean, nearest} from '../text/nearest.js'
import {quoted} from '../text/printable.js'
import {type Entry, entryCheck} from './check-entry.js'
import {duplicatesIn} from './check-text.js'
import {elementsOf, headOf, type JsonNode, type Member, membersOf, readJson} from './json.js'
import {documentKeys} from './json-schema.js'
import {type Finding, Lines, mostProblems, type Problem, problemOf, shownFindings} from './problem.js'
import {type InstanceFormat, ownKeyNames} from './schema.js'
import {readSourceText} from './source-text.js'
import {typeName} from './value-hint.js'

/** What an instances file says, and what is wrong with it. */
export interface InstancesFile {
  /** As the user named it. */
  readonly path: string
  /** Absolute; what the paths in the file are relative to: its directory, or for one that has none the working directory. */
  readonly directory: string
  /** What it holds; empty where it cannot be read. */
  readonly text: string
  /** The tree of that; undefined where it is no JSON. */
  readonly root: JsonNode | undefined
  /** The entries that hold, in the file's order, each name once. */
  readonly instances: readonly Instance[]
  /** The same entries, and those of which something does not hold. */
  readonly entries: readonly Entry[]
  /** What is wrong, in the file's order; of very much only the first part. */
  readonly problems: readonly Problem[]
  /** The same with what was found later. */
  readonly problemsWith: (found: readonly Finding[]) => readonly Problem[]
}

/**
 * Reads and checks the instances file `path`. Rejects for nothing that the file holds, not even for a missing file:
 * all of that is in `problems`.
 */
export async function readInstancesFile(path: string, format: InstanceFormat): Promise<InstancesFile> {
  const directory = isInherited(path) ? process.cwd() : dirname(absolutePath(path))
  const {text, isWhole, findings} = await readSourceText(path)
  const {root, entries, ...checked} = isWhole ? checkText(text, format) : unread
  const lines = new Lines(text)
  const found = entries.map(entry => withAbsolutePaths(entry, directory))
  const {distinct, findings: duplicates} = separateDuplicates(found)
  const own = [...findings, ...checked.findings, ...duplicates]
  const problemsWith = (later: readonly Finding[]) =>
    shownFindings([...own, ...later].toSorted(byPlace)).map(finding => problemOf(finding, path, lines))
  return {
    path,
    directory,
    text,
    root,
    instances: distinct.flatMap(({instance}) => instance ?? []),
    entries: distinct,
    problems: problemsWith([]),
    problemsWith,
  }
}

/** What a text says by itself. */
export interface CheckedText {
  readonly root: JsonNode | undefined
  /** Without those that stand behind more errors than are shown. */
  readonly entries: readonly Entry[]
  readonly findings: readonly Finding[]
}

const unread: CheckedText = {root: undefined, entries: [], findings: []}

/** Checks a text for all that its instances have to be, each for itself. */
export function checkText(text: string, format: InstanceFormat): CheckedText {
  const read = readJson(text)
  if ('fault' in read) {
    const {offset, length, ...fault} = read.fault
    return {...unread, findings: [{severity: 'error', ...fault, at: {offset, length}}]}
  }

  const {root} = read
  const list = root.type === 'object' ? membersOf(root).find(({key}) => key === 'instances')?.value : root
  const elements = list === undefined ? [] : elementsOf(list)
  const check = entryCheck(text, format)
  const entries: Entry[] = []
  let findings = checkShape(root, list)
  for (const element of elements) {
    if (findings.length > mostProblems) {
      break
    }

    const checked = check(element)
    entries.push(...(checked.entry === undefined ? [] : [checked.entry]))
    findings = checked.findings.length === 0 ? findings : [...findings, ...checked.findings]
  }

  return {root, entries, findings}
}

function byPlace({at: one}: Finding, {at: other}: Finding): number {
  return (one?.offset ?? 0) - (other?.offset ?? 0)
}

const known = Object.keys(documentKeys)

/** The file as a whole has to be an array of instances, or an object that has one. */
function checkShape(root: JsonNode, list: JsonNode | undefined): readonly Finding[] {
  const members = membersOf(root)
  if (list === root || members.some(({key}) => ownKeyNames.includes(key))) {
    return list?.type === 'array' && list === root ? emptiness(list) : [notInstances(root)]
  }

  const looked = members.slice(0, mostProblems + 1)
  const found = [...duplicatesIn(root), ...looked.flatMap(checkMember)]
  if (!looked.some(({key}) => nearest(key, known) === 'instances')) {
    const message = 'instances is missing: it must be an array of instances'
    const hint = 'write {"instances": [{…}]}'
    return [
      ...found,
      {rule: 'vmrun/missing-key', severity: 'error', message, hint, key: 'instances', at: headOf(root)},
    ]
  }

  return found.length > 0 || list === undefined ? found : emptiness(list)
}

function checkMember({key, keyNode, value}: Member): readonly Finding[] {
  switch (key) {
    case 'instances':
      return value.type === 'array' ? [] : [notInstances(value, key)]
    case '$schema': {
      const message = '$schema must be a string: the path or URL of a JSON Schema'
      return value.type === 'string'
        ? []
        : [{rule: 'vmrun/invalid-value', severity: 'error', message, key, at: headOf(value)}]
    }
    default: {
      const message = `unknown key ${quoted(key)} beside "instances"`
      const hint = didYouMean(key, known) ?? `the keys of the file are ${known.join(' and ')}`
      return [{rule: 'vmrun/unknown-key', severity: 'error', message, hint, key, at: keyNode}]
    }
  }
}

function notInstances(node: JsonNode, key?: string): Finding {
  const subject = key === undefined ? 'the file must hold' : `${key} must be`
  return {
    rule: 'vmrun/not-instances',
    severity: 'error',
    message: `${subject} an array of instances, not ${typeName(node.type)}`,
    hint: 'write [{…}], even for one instance',
    key,
    at: headOf(node),
  }
}

function emptiness(list: JsonNode): readonly Finding[] {
  const message = 'the file holds no instance'
  return elementsOf(list).length === 0
    ? [{rule: 'vmrun/no-instances', severity: 'warning', message, at: headOf(list)}]
    : []
}

function withAbsolutePaths(entry: Entry, directory: string): Entry {
  const {image, 'backing-files': files} = entry.values
  const paths = {
    ...(image !== undefined && {image: pathIn(directory, image)}),
    ...(files !== undefined && {'backing-files': files.map(file => pathIn(directory, file))}),
  }
  return {
    ...entry,
    values: {...entry.values, ...paths},
    instance: entry.instance && {...entry.instance, ...paths},
  }
}

/**
 * Keeps the first entry of each name. A further one with the same content is superfluous: a warning. One with
 * different content is an error, as nobody can tell which of them is meant.
 */
function separateDuplicates(entries: readonly Entry[]): {
  readonly distinct: readonly Entry[]
  readonly findings: readonly Finding[]
} {
  const firsts = new Map<string | undefined, Entry>()
  const distinct: Entry[] = []
  const findings: Finding[] = []
  for (const entry of entries) {
    const {name} = entry.values
    const first = name === undefined ? undefined : firsts.get(name)
    if (name === undefined || first === undefined) {
      firsts.set(name, entry)
      distinct.push(entry)
    } else {
      findings.push(duplicate(name, first, entry))
    }
  }

  return {distinct, findings}
}

function duplicate(name: string, first: Entry, second: Entry): Finding {
  const same = isDeepStrictEqual(first.instance ?? first.value, second.instance ?? second.value)
  return {
    rule: 'vmrun/duplicate-name',
    severity: same ? 'warning' : 'error',
    message: `${quoted(name)} is listed twice with ${same ? 'the same' : 'different'} content`,
    hint: same ? 'remove one of the two' : 'nobody can tell which is meant: rename or remove one of the two',
    instance: name,
    key: 'name',
    at: second.members.get('name')?.value,
    first: first.members.get('name')?.value,
  }
}
