import {placeOf} from '../host/path-in.js'
import {isInherited} from '../host/read-file.js'
import {type Entry, problemAt} from '../instances/check-entry.js'
import {clashesOf, type InstancesFile, readInstancesFile} from '../instances/instances-file.js'
import {headAt} from '../instances/json.js'
import {mostProblems, type Problem, type TextProblem} from '../instances/problem.js'
import {mayPass} from '../instances/rules.js'
import type {Registry} from '../plugins/registry.js'
import {quoted} from '../text/printable.js'
import {type Check, checks, hostChecks} from './checks.js'

/** A file that was looked at. Its text may hold secrets. */
export type ValidatedFile = Pick<InstancesFile, 'path' | 'text' | 'root' | 'problems'>

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

/** Looks for everything that is wrong with some instances files. */
export async function validateFiles(
  paths: readonly string[],
  registry: Registry,
  {hostChecks: ofHost, strict}: ValidationOptions,
): Promise<Validation> {
  const asked = [...checks, ...(ofHost ? hostChecks() : [])]
  const [files, places] = [[] as ValidatedFile[], new Set<string>()]
  for (const path of paths) {
    const place = await placeOfInput(path)
    if (places.has(place)) {
      continue
    }

    places.add(place)
    const file = await validateFile(path, registry, asked)
    const problems = file.problems.map(one => (strict ? {...one, severity: 'error' as const} : one))
    files.push({...file, problems})
  }

  return {files, outcome: outcomeOf(files.flatMap(({problems}) => problems))}
}

/** The same for two paths that lead to one file. */
async function placeOfInput(path: string): Promise<string> {
  return isInherited(path) ? path : await placeOf(path).catch(() => path)
}

function outcomeOf(problems: readonly Problem[]): Validation['outcome'] {
  const errors = problems.filter(isError)
  if (errors.length === 0) {
    return 'clean'
  }

  return mayPass(errors) ? 'unchecked' : 'problems'
}

async function validateFile(
  path: string,
  registry: Registry,
  asked: readonly Check[],
): Promise<ValidatedFile> {
  const {text, root, entries, problemsWith} = await readInstancesFile(path, registry)
  const found: TextProblem[] = []
  let errors = 0
  for (const entry of entries) {
    const problems = (await Promise.all(asked.map(check => check(entry, registry)))).flat()
    errors += problems.filter(isError).length
    found.push(...problems)
    if (errors > mostProblems) {
      break
    }
  }

  return {path, text, root, problems: problemsWith([...found, ...sharedSshPorts(entries)])}
}

function isError({severity}: Pick<Problem, 'severity'>): boolean {
  return severity === 'error'
}

/** Two instances with one `ssh-port` cannot run at the same time. Whoever runs one after the other may mean it. */
function sharedSshPorts(entries: readonly Entry[]): readonly TextProblem[] {
  const key = 'ssh-port'
  const named = entries.filter(({values}) => values.name !== undefined)
  return clashesOf(named, key).map(([first, second]) => {
    const [one = '', other = ''] = [first.name, second.name]
    const message = `${quoted(other)} has ssh-port ${second.values[key]}, as has ${quoted(one)}`
    const hint = 'they cannot run at the same time: give each a port of its own'
    const at = headAt(first.node, [key])
    const rule = 'vmrun/shared-ssh-port'
    return problemAt(second, [key], {rule, severity: 'warning', message, hint, first: at})
  })
}
