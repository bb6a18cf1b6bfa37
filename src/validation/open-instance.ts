import {stat} from 'node:fs/promises'
import type {Architecture} from '../contract/architecture.js'
import type {ConfigDisk} from '../contract/config-disk.js'
import type {Instance} from '../contract/instance.js'
import {HostError, messageOf, UsageError} from '../errors/errors.js'
import {type InstancesFile, readInstancesFile} from '../instances/instances-file.js'
import {laidOver, readJobConfig} from '../instances/job-config.js'
import {formatProblem, InstancesFileError, type Problem} from '../instances/problem.js'
import {mayPass} from '../instances/rules.js'
import type {Registry} from '../plugins/registry.js'
import {didYouMean} from '../text/nearest.js'
import {printable} from '../text/printable.js'
import {imageLooks} from './checks.js'

/**
 * Reads an instances file that has to hold. What is left of its problems are warnings, and unknown keys that only a
 * plugin which failed may know: the instances that have these are not in the file's `instances`.
 *
 * @throws InstancesFileError, or HostError when it cannot be read
 */
export async function openInstancesFile(path: string, registry: Registry): Promise<InstancesFile> {
  const file = await readInstancesFile(path, registry)
  const errors = file.problems.filter(
    problem => problem.severity === 'error' && !mayBeRight(problem, registry),
  )
  if (errors.length > 0) {
    throw mayPass(errors) ? new HostError(errors.map(formatProblem)) : new InstancesFileError(file.problems)
  }

  return file
}

/** Whether only a plugin that failed can tell. */
function mayBeRight({rule, instance, key = ''}: Problem, registry: Registry): boolean {
  return rule === 'vmrun/unknown-key' && instance !== undefined && registry.doubtOfKey(key) !== undefined
}

/** An instance and the file it came from. */
export interface OpenedInstance {
  readonly instance: Instance
  /** What is laid over its config, as the user named it. */
  readonly jobConfig?: string | undefined
  readonly file: InstancesFile
  readonly warnings: readonly Problem[]
}

const mostNames = 20

/**
 * Reads an instance out of a file, and lays over its config the object in the file `jobConfig`.
 *
 * @throws UsageError when a file does not hold, or has no such instance, HostError when one cannot be read
 */
export async function openInstance(
  path: string,
  name: string,
  registry: Registry,
  jobConfig?: string,
): Promise<OpenedInstance> {
  if (path === '-' && jobConfig === '-') {
    throw new UsageError('--config and --file both want standard input', {hint: 'Name a file for one.'})
  }

  const file = await openInstancesFile(path, registry)
  const own = file.problems.filter(
    problem => problem.instance === printable(name) && mayBeRight(problem, registry),
  )
  if (own.length > 0) {
    throw new InstancesFileError(own)
  }

  const instance = file.instances.find(candidate => candidate.name === name)
  if (instance === undefined) {
    const names = file.instances.map(candidate => candidate.name)
    const message = `no instance ${name} in ${file.path}; it has: ${listNames(names)}`
    throw new UsageError(message, {hint: didYouMean(name, names)})
  }

  const config = laidOver(instance.config, jobConfig === undefined ? {} : await readJobConfig(jobConfig))
  return {instance: {...instance, config}, jobConfig, file, warnings: file.problems}
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).join(', ')
  const further = names.length - mostNames
  return further > 0 ? `${shown} and ${further} more` : shown || 'none'
}

/** What only a guest with ports can have. */
const portKeys = ['guest-agent', 'ready-seconds', 'idle-seconds'] as const

/** Finds what an instance names. @throws UsageError when something is not known, or its options do not fit */
export function partsOf(
  instance: Instance,
  registry: Registry,
): {readonly architecture: Architecture; readonly configDisk: ConfigDisk} {
  const architecture = registry.architecture(instance.arch)
  const choice = instance['config-disk']
  const kind = registry.configDisk(choice.kind)
  const portKey = portKeys.find(key => instance[key])
  if (portKey !== undefined && architecture.devices.serial === undefined) {
    throw new UsageError(
      `"${portKey}" does not go with ${architecture.name}: its guests have no ports to vmrun`,
      {
        hint: `Leave "${portKey}" out. The architecture's plugin would have to name a device for ports.`,
      },
    )
  }

  return {architecture, configDisk: kind.configure(choice, architecture, instance.config)}
}

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
