import type {Architecture, ConfigDisk} from '../contract.js'
import {findInstance} from '../instances/find-instance.js'
import type {Instance} from '../instances/instance.js'
import type {InstancesFile} from '../instances/instances-file.js'
import {InstancesFileError} from '../instances/instances-file-error.js'
import type {Problem} from '../instances/problem.js'
import type {Registry} from '../plugins/registry.js'
import {printable} from '../text/printable.js'
import {openInstancesFile} from './open-instances-file.js'

/** An instance and the file it came from. */
export interface OpenedInstance {
  readonly instance: Instance
  readonly file: InstancesFile
  readonly warnings: readonly Problem[]
}

/** Reads an instance out of a file. @throws UsageError when the file does not hold, or has no such instance */
export async function openInstance(path: string, name: string, registry: Registry): Promise<OpenedInstance> {
  const file = await openInstancesFile(path, registry)
  const doubtful = file.problems.filter(
    ({instance, isDoubtful}) => isDoubtful && instance === printable(name),
  )
  if (doubtful.length > 0) {
    throw new InstancesFileError(doubtful)
  }

  return {instance: findInstance(file, name), file, warnings: file.problems}
}

/** What an instance names, found in the registry. */
export interface InstanceParts {
  readonly architecture: Architecture
  readonly configDisk: ConfigDisk
}

/** Finds what an instance names. @throws UsageError when something is not known, or its options do not fit */
export function partsOf(instance: Instance, registry: Registry): InstanceParts {
  const architecture = registry.architecture(instance.arch)
  const choice = instance['config-disk']
  const kind = registry.configDisk(choice.kind)
  return {architecture, configDisk: kind.configure(choice, architecture, instance.config)}
}
