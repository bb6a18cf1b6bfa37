import {HostError} from '../errors.js'
import {formatProblem} from '../instances/format-problem.js'
import {type InstancesFile, readInstancesFile} from '../instances/instances-file.js'
import {InstancesFileError} from '../instances/instances-file-error.js'
import type {InstanceFormat} from '../instances/schema.js'
import type {Registry} from '../plugins/registry.js'
import {mayPass} from '../rules.js'

/**
 * Reads an instances file that has to hold. What is left of its problems are warnings, and errors of instances that only
 * a plugin that failed may understand: those are not in the file's `instances`.
 *
 * @throws InstancesFileError, or HostError when it cannot be read
 */
export async function openInstancesFile(path: string, registry: Registry): Promise<InstancesFile> {
  const file = await readInstancesFile(path, formatOf(registry))
  const errors = file.problems.filter(({severity, isDoubtful}) => severity === 'error' && !isDoubtful)
  if (errors.length > 0) {
    throw mayPass(errors)
      ? new HostError(errors.map(formatProblem).join('\n'))
      : new InstancesFileError(file.problems)
  }

  return file
}

/** What the instances of a file may be with what these plugins contribute. */
export function formatOf(registry: Registry): InstanceFormat {
  const {hostArchitecture, instanceKeys} = registry
  return {hostArchitecture, instanceKeys, doubt: key => registry.doubtOfKey(key)}
}
