import {stat} from 'node:fs/promises'
import {InstancesFileError} from '../instances/find-instance.js'
import type {Instance} from '../instances/instance.js'
import {readInstancesFile} from '../instances/instances-file.js'
import type {Registry} from '../plugins/registry.js'
import {readQcow2Header} from '../qemu/qcow2.js'

/** An instance as `list` shows it; the keys of the instance are spelled as in the file, all others in camelCase. There is no config in it. */
export interface ListedInstance extends Omit<Instance, 'config'> {
  readonly imageState: ImageState
}

/** What is known of a base image. Sizes in bytes. */
export type ImageState =
  | {readonly state: 'qcow2'; readonly virtualSize: number; readonly fileSize: number}
  | {readonly state: 'missing'}
  | {readonly state: 'unusable'; readonly reason: string}

/** The instances of a file, in its order. @throws InstancesFileError when the file does not hold */
export async function listInstances(path: string, registry: Registry): Promise<readonly ListedInstance[]> {
  const {instances, problems} = await readInstancesFile(path, {hostArchitecture: registry.hostArchitecture})
  if (problems.some(({severity}) => severity === 'error')) {
    throw new InstancesFileError(problems)
  }

  return await Promise.all(
    instances.map(async ({config: _, ...listed}) => ({
      ...listed,
      imageState: await imageStateOf(listed.image),
    })),
  )
}

async function imageStateOf(image: string): Promise<ImageState> {
  const found = await stat(image).catch(() => undefined)
  if (found === undefined) {
    return {state: 'missing'}
  }

  try {
    const {virtualSize} = await readQcow2Header(image)
    return {state: 'qcow2', virtualSize, fileSize: found.size}
  } catch (error) {
    return {state: 'unusable', reason: error instanceof Error ? error.message : String(error)}
  }
}
