import {dirname} from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import type {Instance} from '../contract/instance.js'
import {absolutePath, pathIn} from '../host/path-in.js'
import {isInherited} from '../host/read-file.js'
import {didYouMean, nearest} from '../text/nearest.js'
import {quoted} from '../text/printable.js'
import {duplicatesIn} from './ambiguities.js'
import {type Entry, entryCheck, problemAt} from './check-entry.js'
import {elementsOf, headAt, type JsonNode, type Member, membersOf, readJson} from './json.js'
import {errorAt, mostProblems, type Problem, problemsIn, shownProblems, type TextProblem} from './problem.js'
import {readText} from './read-text.js'
import {type InstanceFormat, ownKeyNames} from './schema.js'
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
  readonly problemsWith: (later: readonly TextProblem[]) => readonly Problem[]
}

/**
 * Reads and checks the instances file `path`. Rejects for nothing that the file holds, not even for a missing file:
 * all of that is in `problems`.
 */
export async function readInstancesFile(path: string, format: InstanceFormat): Promise<InstancesFile> {
  const directory = isInherited(path) ? process.cwd() : dirname(absolutePath(path))
  const {text, problem} = await readText(path, 'the instances file')
  const {root, ...checked} = problem ? {...noJson, problems: [problem]} : checkText(text, format)
  const all = checked.entries.map(entry => withAbsolutePaths(entry, directory))
  const duplicates = clashesOf(all, 'name')
  const seconds = new Set(duplicates.map(([, second]) => second))
  const entries = all.filter(entry => !seconds.has(entry))
  const own = [...checked.problems, ...duplicates.map(duplicate)]
  const problemsWith = (later: readonly TextProblem[]) =>
    problemsIn(path, text, shownProblems([...own, ...later].toSorted(byPlace)))
  const instances = entries.flatMap(({instance}) => instance ?? [])
  return {path, directory, text, root, instances, entries, problems: problemsWith([]), problemsWith}
}

const noJson = {root: undefined, entries: []}

/**
 * Checks a text for all that its instances have to be, each for itself. Those that stand behind more errors than are shown are
 * not among its entries.
 */
export function checkText(
  text: string,
  format: InstanceFormat,
): Pick<InstancesFile, 'root' | 'entries'> & {readonly problems: readonly TextProblem[]} {
  const read = readJson(text)
  if ('problem' in read) {
    return {...noJson, problems: [read.problem]}
  }

  const {root} = read
  const list = root.type === 'object' ? membersOf(root).find(({key}) => key === 'instances')?.value : root
  const check = entryCheck(text, format)
  const entries: Entry[] = []
  const problems = Array.from(checkShape(root, list))
  for (const element of list === undefined ? [] : elementsOf(list)) {
    if (problems.length > mostProblems) {
      break
    }

    const {entry, problems: found} = check(element)
    problems.push(...found)
    entries.push(...(entry === undefined ? [] : [entry]))
  }

  return {root, entries, problems}
}

function byPlace({at: one}: TextProblem, {at: other}: TextProblem): number {
  return (one?.offset ?? 0) - (other?.offset ?? 0)
}

const known = ['$schema', 'instances']

/** The file as a whole has to be an array of instances, or an object that has one. */
function checkShape(root: JsonNode, list: JsonNode | undefined): readonly TextProblem[] {
  const members = membersOf(root).slice(0, mostProblems + 1)
  if (list === root || members.some(({key}) => ownKeyNames.includes(key))) {
    return checkList(root)
  }

  const found = [...duplicatesIn(root), ...members.flatMap(checkMember)]
  if (members.some(({key}) => nearest(key, known) === 'instances')) {
    return found
  }

  const message = 'instances is missing: it must be an array of instances'
  const hint = 'write {"instances": [{…}]}'
  return [...found, errorAt(headAt(root, []), 'vmrun/missing-key', message, {hint, key: 'instances'})]
}

function checkMember({key, keyNode, value}: Member): readonly TextProblem[] {
  if (key === 'instances') {
    return checkList(value, key)
  }

  if (key === '$schema') {
    const message = '$schema must be a string: the path or URL of a JSON Schema'
    return value.type === 'string' ? [] : [errorAt(headAt(value, []), 'vmrun/invalid-value', message, {key})]
  }

  const message = `unknown key ${quoted(key)} beside "instances"`
  const hint = didYouMean(key, known) ?? `the keys of the file are ${known.join(' and ')}`
  return [errorAt(keyNode, 'vmrun/unknown-key', message, {hint, key})]
}

/** What has to be an array of instances: the file, or the value of a key. */
function checkList(node: JsonNode, key?: string): readonly TextProblem[] {
  const at = headAt(node, [])
  if (node.type === 'array') {
    const message = 'the file holds no instance'
    return node.children?.length === 0 ? [{rule: 'vmrun/no-instances', severity: 'warning', message, at}] : []
  }

  const subject = key === undefined ? 'the file must hold' : `${key} must be`
  const message = `${subject} an array of instances, not ${typeName(node.type)}`
  const hint = 'write [{…}], even for one instance'
  return [errorAt(at, 'vmrun/not-instances', message, {hint, key})]
}

function withAbsolutePaths({values, instance, ...entry}: Entry, directory: string): Entry {
  const {image, 'backing-files': files} = values
  const paths = {
    ...(image !== undefined && {image: pathIn(directory, image)}),
    ...(files !== undefined && {'backing-files': files.map(file => pathIn(directory, file))}),
  }
  return {...entry, values: {...values, ...paths}, instance: instance && {...instance, ...paths}}
}

/** The entries whose value of `key` an earlier one has, each behind the first of these. */
export function clashesOf(
  entries: readonly Entry[],
  key: 'name' | 'ssh-port',
): readonly (readonly [first: Entry, second: Entry])[] {
  const firsts = new Map<unknown, Entry>()
  return entries.flatMap(entry => {
    const value = entry.values[key]
    const first = value === undefined ? undefined : firsts.get(value)
    firsts.set(value, first ?? entry)
    return first === undefined ? [] : [[first, entry] as const]
  })
}

/** A second entry of a name with the same content is superfluous. One with another leaves open which of them is meant. */
function duplicate([first, second]: readonly [Entry, Entry]): TextProblem {
  const same = isDeepStrictEqual(first.values, second.values)
  return problemAt(second, ['name'], {
    rule: 'vmrun/duplicate-name',
    severity: same ? 'warning' : 'error',
    message: `${quoted(second.name ?? '')} is listed twice with ${same ? 'the same' : 'different'} content`,
    hint: same ? 'remove one of the two' : 'nobody can tell which is meant: rename or remove one of the two',
    first: headAt(first.node, ['name']),
  })
}
