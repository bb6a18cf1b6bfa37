import type {Architecture} from '../architectures/architecture.js'
import type {ConfigDisk, ConfigDiskKind} from '../config-disks/config-disk.js'
import {findInstance} from '../instances/find-instance.js'
import type {Instance} from '../instances/instance.js'
import type {InstancesFile} from '../instances/instances-file.js'
import type {Problem} from '../instances/problem.js'
import type {Registry} from '../plugins/registry.js'
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
  return {instance: findInstance(file, name), file, warnings: file.problems}
}

/** What an instance names, found in the registry. */
export interface InstanceParts {
  readonly architecture: Architecture
  readonly configDiskKind: ConfigDiskKind
  readonly configDisk: ConfigDisk
}

/** Finds what an instance names. @throws UsageError when something is not known, or its options do not fit */
export function partsOf(instance: Instance, registry: Registry): InstanceParts {
  const architecture = registry.architecture(instance.arch)
  const choice = instance['config-disk']
  const configDiskKind = registry.configDisk(choice.kind)
  return {architecture, configDiskKind, configDisk: configDiskKind.configure(choice, architecture)}
}
