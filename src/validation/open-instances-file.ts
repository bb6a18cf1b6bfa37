import {HostError} from '../errors/errors.js'
import {type InstancesFile, readInstancesFile} from '../instances/instances-file.js'
import {formatProblem, InstancesFileError, type Problem} from '../instances/problem.js'
import {mayPass} from '../instances/rules.js'
import type {InstanceFormat} from '../instances/schema.js'
import type {Registry} from '../plugins/registry.js'

/**
 * Reads an instances file that has to hold. What is left of its problems are warnings, and unknown keys that only a
 * plugin which failed may know: the instances that have these are not in the file's `instances`.
 *
 * @throws InstancesFileError, or HostError when it cannot be read
 */
export async function openInstancesFile(path: string, registry: Registry): Promise<InstancesFile> {
  const file = await readInstancesFile(path, formatOf(registry))
  const errors = file.problems.filter(
    problem => problem.severity === 'error' && !mayBeRight(problem, registry),
  )
  if (errors.length > 0) {
    throw mayPass(errors) ? new HostError(errors.map(formatProblem)) : new InstancesFileError(file.problems)
  }

  return file
}

/** Whether only a plugin that failed can tell. */
export function mayBeRight({rule, instance, key}: Problem, registry: Registry): boolean {
  return (
    rule === 'vmrun/unknown-key' &&
    instance !== undefined &&
    key !== undefined &&
    registry.doubtOfKey(key) !== undefined
  )
}

/** What the instances of a file may be with what these plugins contribute. */
export function formatOf(registry: Registry): InstanceFormat {
  const {hostArchitecture, instanceKeys} = registry
  return {hostArchitecture, instanceKeys, doubt: key => registry.doubtOfKey(key)}
}
