import {isInherited} from '../host/read-at-most.js'
import type {Problem} from '../instances/problem.js'
import {placeOf} from '../path-in.js'
import type {Registry} from '../plugins/registry.js'
import {mayPass} from '../rules.js'
import {type ValidatedFile, validateFile} from '../validation/validate-file.js'
import {formatOf} from './open-instances-file.js'

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
  {hostChecks, strict}: ValidationOptions,
): Promise<Validation> {
  const format = formatOf(registry)
  const checks = hostChecks ? (await import('../validation/host-checks.js')).hostChecks() : []
  // Each by its first name: of the entries of a map the last one of a key stays.
  const places = await Promise.all(paths.map(placeOfInput))
  const distinct = new Map(paths.map((path, index) => [places[index], path] as const).toReversed()).values()
  const files: ValidatedFile[] = []
  for (const path of Array.from(distinct).reverse()) {
    const file = await validateFile(path, format, registry, checks)
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
  const errors = problems.filter(({severity}) => severity === 'error')
  if (errors.length === 0) {
    return 'clean'
  }
  return mayPass(errors) ? 'unchecked' : 'problems'
}
