import {isJsonObject, type JsonObject} from '../contract/json-value.js'
import {HostError, UsageError} from '../errors/errors.js'
import {isStandardInput} from '../host/read-file.js'
import {findAmbiguities} from '../instances/ambiguities.js'
import {type FileKind, headAt, meaningOf, readJson} from '../instances/json.js'
import {withoutPlaceholders} from '../instances/placeholders/placeholders.js'
import {
  errorAt,
  formatProblem,
  InstancesFileError,
  problemsIn,
  shownProblems,
  type TextProblem,
} from '../instances/problem.js'
import {readText} from '../instances/read-text.js'
import {mayPass} from '../instances/rules.js'
import {typeName} from '../instances/value-hint.js'
import type {Registry} from '../plugins/registry.js'
import {type OpenedInstance, openInstance} from '../validation/open-instance.js'

/** What a command is asked to read, as on the command line. */
interface Named {
  /** The instances file. */
  readonly file: string
  /** What one job lays over the config of its instance. */
  readonly config?: string | undefined
}

/**
 * Reads an instance out of a file, as a job wants it: an object laid over its config. Placeholders in that are text, as whoever
 * submits a job may have written it.
 *
 * @throws UsageError when one of the files does not hold, HostError when one cannot be read
 */
export async function openForJob(
  {file, config: path}: Named,
  name: string,
  registry: Registry,
): Promise<OpenedInstance> {
  if (path === undefined) {
    return await openInstance(file, name, registry)
  }

  if (isStandardInput(path) && isStandardInput(file)) {
    throw new UsageError('--config and --file both want standard input', {
      hint: 'Name a file for one of them.',
    })
  }

  const opened = await openInstance(file, name, registry)
  const {instance} = opened
  const config = laidOver(instance.config, withoutPlaceholders(await readJobConfig(path)))
  return {...opened, instance: {...instance, config}, jobConfig: path}
}

/** Objects are merged key by key, at any depth; anything else takes the place of what was there. */
export function laidOver(below: JsonObject, above: JsonObject): JsonObject {
  const entries = Object.entries(above).map(([key, value]) => {
    const other = Object.hasOwn(below, key) ? below[key] : undefined
    return [key, isJsonObject(value) && isJsonObject(other) ? laidOver(other, value) : value] as const
  })
  // Unlike an assignment, this has `__proto__` as data.
  return Object.fromEntries([...Object.entries(below), ...entries])
}

const jobConfigKind: FileKind = {
  name: 'the config of the job',
  missing: 'write it, or name another one',
  tooLarge: 'make it smaller',
  empty: 'write an object: {…}',
  severalValues: 'remove what stands behind the object',
}

/** @throws InstancesFileError, or HostError when it cannot be read */
async function readJobConfig(path: string): Promise<JsonObject> {
  const {text, problem} = await readText(path, jobConfigKind)
  const checked = problem === undefined ? checkJobConfig(text) : {problems: [problem]}
  if (!('problems' in checked)) {
    return checked.config
  }

  const problems = problemsIn(path, text, shownProblems(checked.problems))
  throw mayPass(problems) ? new HostError(problems.map(formatProblem)) : new InstancesFileError(problems)
}

function checkJobConfig(
  text: string,
): {readonly config: JsonObject} | {readonly problems: readonly TextProblem[]} {
  const read = readJson(text, jobConfigKind)
  if ('problem' in read) {
    return {problems: [read.problem]}
  }

  const {root} = read
  const config = meaningOf(root, text)
  if (!isJsonObject(config)) {
    const message = `${jobConfigKind.name} must be an object, not ${typeName(root.type)}`
    return {
      problems: [errorAt(headAt(root, []), 'vmrun/invalid-value', message, {hint: jobConfigKind.empty})],
    }
  }

  const problems = findAmbiguities(root, text, ['config'])
  return problems.length > 0 ? {problems} : {config}
}
