import {placeOf} from '../host/path-in.js'
import {isInherited} from '../host/read-file.js'
import type {Entry} from '../instances/check-entry.js'
import {type InstancesFile, readInstancesFile} from '../instances/instances-file.js'
import {headOf, type JsonNode, nodeAt} from '../instances/json.js'
import {formatKeyPath} from '../instances/key-path.js'
import {type Finding, mostProblems, type Problem} from '../instances/problem.js'
import {mayPass} from '../instances/rules.js'
import type {InstanceFormat} from '../instances/schema.js'
import type {Registry} from '../plugins/registry.js'
import {quoted} from '../text/printable.js'
import {type Check, checks, type Found, hostChecks} from './checks.js'
import {formatOf} from './open-instances-file.js'

/** A file that was looked at. */
export interface ValidatedFile {
  /** As the user named it. */
  readonly path: string
  /** What it holds, for who shows where a problem is; it may hold secrets. */
  readonly text: string
  /** The tree of that; undefined where it is no JSON. */
  readonly root?: JsonNode | undefined
  /** In the file's order. */
  readonly problems: readonly Problem[]
}

/** How files are to be looked at. */
export interface ValidationOptions {
  /** Whether to look for what the instances ask of this host, such as their images. */
  readonly hostChecks: boolean
  /** Whether a warning is an error. */
  readonly strict: boolean
}

/** What came of it. */
export interface Validation {
  /** In the order of their names on the command line, each once. */
  readonly files: readonly ValidatedFile[]
  /** `unchecked`: there is nothing wrong but that a file, or an image, is missing or could not be read. */
  readonly outcome: 'clean' | 'problems' | 'unchecked'
}

/** How many entries are looked at side by side: each may have some files open. */
const atOnce = 16

/** Looks for everything that is wrong with some instances files. */
export async function validateFiles(
  paths: readonly string[],
  registry: Registry,
  {hostChecks: ofHost, strict}: ValidationOptions,
): Promise<Validation> {
  const format = formatOf(registry)
  const further = ofHost ? hostChecks() : []
  // Each by its first name: of the entries of a map the last one of a key stays.
  const places = await Promise.all(paths.map(placeOfInput))
  const distinct = new Map(paths.map((path, index) => [places[index], path] as const).toReversed()).values()
  const files: ValidatedFile[] = []
  for (const path of Array.from(distinct).reverse()) {
    const file = await validateFile(path, format, registry, further)
    files.push(strict ? {...file, problems: file.problems.map(asError)} : file)
  }

  return {files, outcome: outcomeOf(files.flatMap(({problems}) => problems))}
}

/** The same for two paths that lead to one file. */
async function placeOfInput(path: string): Promise<string> {
  return isInherited(path) ? path : await placeOf(path).catch(() => path)
}

function asError(problem: Problem): Problem {
  return {...problem, severity: 'error'}
}

function outcomeOf(problems: readonly Problem[]): Validation['outcome'] {
  const errors = problems.filter(isError)
  if (errors.length === 0) {
    return 'clean'
  }

  return mayPass(errors) ? 'unchecked' : 'problems'
}

/** Everything that is wrong with an instances file. @param further checks of what stands in it */
export async function validateFile(
  path: string,
  format: InstanceFormat,
  registry: Registry,
  further: readonly Check[],
): Promise<ValidatedFile> {
  const file = await readInstancesFile(path, format)
  const {text, root, entries} = file
  const found: Finding[] = []
  let errors = 0
  for (let start = 0; start < entries.length && errors <= mostProblems; start += atOnce) {
    const looks = entries.slice(start, start + atOnce).map(async entry => {
      const all = await Promise.all([...checks, ...further].map(check => check(entry.values, registry)))
      return all.flat().map(one => findingOf(one, entry))
    })
    const findings = (await Promise.all(looks)).flat()
    errors += findings.filter(isError).length
    found.push(...findings)
  }

  return {path, text, root, problems: file.problemsWith([...found, ...findSharedSshPorts(file)])}
}

function isError({severity}: Pick<Finding, 'severity'>): boolean {
  return severity === 'error'
}

function findingOf({at, ...found}: Found, {node, value}: Entry): Finding {
  return {
    severity: 'error',
    ...found,
    instance: typeof value['name'] === 'string' ? value['name'] : undefined,
    key: formatKeyPath(at),
    at: headOf(nodeAt(node, at)),
  }
}

/** Two instances with one `ssh-port` cannot run at the same time. Whoever runs one after the other may mean it. */
function findSharedSshPorts({entries}: InstancesFile): readonly Finding[] {
  const key = 'ssh-port'
  const firsts = new Map<number, Entry>()
  return entries.flatMap((entry): readonly Finding[] => {
    const {name, [key]: port} = entry.values
    if (name === undefined || port === undefined) {
      return []
    }

    const first = firsts.get(port)
    if (first === undefined) {
      firsts.set(port, entry)
      return []
    }

    return [
      {
        rule: 'vmrun/shared-ssh-port',
        severity: 'warning',
        message: `${quoted(name)} has ssh-port ${port}, as has ${quoted(first.values.name ?? '')}`,
        hint: 'they cannot run at the same time: give each a port of its own',
        instance: name,
        key,
        at: entry.members.get(key)?.value,
        first: first.members.get(key)?.value,
      },
    ]
  })
}
