import {isJsonObject, type JsonObject} from '../contract/json-value.js'
import {HostError} from '../errors/errors.js'
import {findAmbiguities} from './ambiguities.js'
import {headAt, readJson} from './json.js'
import {escapedOpening} from './placeholders/placeholders.js'
import {errorAt, formatProblem, InstancesFileError, problemsIn, type TextProblem} from './problem.js'
import {readText} from './read-text.js'
import {mayPass} from './rules.js'
import {typeName} from './value-hint.js'

/** Reads what one job lays over the config of its instance. @throws InstancesFileError, or HostError when it cannot be read */
export async function readJobConfig(path: string): Promise<JsonObject> {
  const {text, problem} = await readText(path, 'the config of the job')
  const problems = problemsIn(path, text, problem === undefined ? mistakesIn(text) : [problem])
  if (problems.length > 0) {
    throw mayPass(problems) ? new HostError(problems.map(formatProblem)) : new InstancesFileError(problems)
  }

  // Whoever submits a job may have written it, and must not read variables and files of the host by placeholders.
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('${{', () => escapedOpening) : value,
  )
}

function mistakesIn(text: string): readonly TextProblem[] {
  const read = readJson(text)
  if ('problem' in read) {
    return [read.problem]
  }

  const {root} = read
  const message = `the config of the job must be an object, not ${typeName(root.type)}`
  return root.type === 'object'
    ? findAmbiguities(root, text, ['config'])
    : [errorAt(headAt(root, []), 'vmrun/invalid-value', message, {hint: 'write an object: {…}'})]
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
