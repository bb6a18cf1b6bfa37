import {type InstancesFile, readInstancesFile} from '../instances/instances-file.js'
import {InstancesFileError} from '../instances/instances-file-error.js'
import type {Registry} from '../plugins/registry.js'

/** Reads an instances file that has to hold; what is left of its problems are warnings. @throws InstancesFileError */
export async function openInstancesFile(path: string, registry: Registry): Promise<InstancesFile> {
  const file = await readInstancesFile(path, {hostArchitecture: registry.hostArchitecture})
  if (file.problems.some(({severity}) => severity === 'error')) {
    throw new InstancesFileError(file.problems)
  }

  return file
}
