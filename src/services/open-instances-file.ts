import {type InstancesFile, readInstancesFile} from '../instances/instances-file.js'
import {InstancesFileError} from '../instances/instances-file-error.js'
import type {InstanceFormat} from '../instances/schema.js'
import type {Registry} from '../plugins/registry.js'

/**
 * Reads an instances file that has to hold. What is left of its problems are warnings, and errors of instances that only
 * a plugin that failed may understand: those are not in the file's `instances`.
 *
 * @throws InstancesFileError
 */
export async function openInstancesFile(path: string, registry: Registry): Promise<InstancesFile> {
  const file = await readInstancesFile(path, formatOf(registry))
  if (file.problems.some(({severity, isDoubtful}) => severity === 'error' && !isDoubtful)) {
    throw new InstancesFileError(file.problems)
  }

  return file
}

/** What the instances of a file may be with what these plugins contribute. */
export function formatOf(registry: Registry): InstanceFormat {
  const {hostArchitecture, instanceKeys} = registry
  return {hostArchitecture, instanceKeys, doubt: key => registry.doubtOfKey(key)}
}
