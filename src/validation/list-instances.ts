import {stat} from 'node:fs/promises'
import type {Instance} from '../contract/instance.js'
import {messageOf} from '../errors/errors.js'
import type {Problem} from '../instances/problem.js'
import type {Registry} from '../plugins/registry.js'
import {imageLooks} from './checks.js'
import {openInstancesFile} from './open-instance.js'

/**
 * An instance as `list` shows it. The keys of the instance are spelled as in the file, all others in camelCase. There is
 * no config in it.
 */
export interface ListedInstance extends Omit<Instance, 'config'> {
  readonly imageState: ImageState
}

/** What is known of a base image. Sizes in bytes. */
type ImageState =
  | {readonly state: 'qcow2'; readonly virtualSize: number; readonly fileSize: number}
  | {readonly state: 'missing'}
  | {readonly state: 'unusable'; readonly reason: string}

/**
 * The instances of a file, in its order, and what is worth mending in it.
 *
 * @throws InstancesFileError when it does not hold
 */
export async function listInstances(
  path: string,
  registry: Registry,
): Promise<{readonly instances: readonly ListedInstance[]; readonly warnings: readonly Problem[]}> {
  const {instances, problems} = await openInstancesFile(path, registry)
  // Whether all of an image is there is not asked: with many large ones, its tables take long.
  const look = imageLooks(false)
  const listed = instances.map(async ({config: _, ...shown}) => ({
    ...shown,
    imageState: await imageStateOf(shown, look),
  }))
  return {instances: await Promise.all(listed), warnings: problems}
}

async function imageStateOf(
  instance: Pick<Instance, 'image' | 'backing-files'>,
  look: ReturnType<typeof imageLooks>,
): Promise<ImageState> {
  const found = await stat(instance.image).catch(() => undefined)
  if (found === undefined) {
    return {state: 'missing'}
  }

  try {
    const {virtualSize} = await look(instance)
    return {state: 'qcow2', virtualSize, fileSize: found.size}
  } catch (error) {
    return {state: 'unusable', reason: messageOf(error)}
  }
}
