import {VmrunError} from '../errors.js'
import type {Instance} from '../instances/instance.js'
import {type InstancesFile, readInstancesFile} from '../instances/instances-file.js'
import {formatKeyPath, type KeyPath} from '../instances/key-path.js'
import type {Problem} from '../instances/problem.js'
import {sizeInBytes} from '../instances/size.js'
import type {Registry} from '../plugins/registry.js'
import {overlaySize, readBaseImage} from '../qemu/image/base-image.js'
import {openImageFile} from '../qemu/image/open-file.js'
import {printable} from '../text/printable.js'
import {formatOf} from './open-instances-file.js'

/** Everything that is wrong with some instances files and with what they ask of this host; by file, then by place. */
export async function validateFiles(
  paths: readonly string[],
  registry: Registry,
): Promise<readonly Problem[]> {
  const found = await Promise.all(paths.map(file => validateFile(file, registry)))
  return found.flat()
}

async function validateFile(path: string, registry: Registry): Promise<readonly Problem[]> {
  const file = await readInstancesFile(path, formatOf(registry))
  const found = await Promise.all(file.instances.map(instance => hostProblems(instance, file, registry)))
  return [...file.problems, ...found.flat()].toSorted(
    (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
  )
}

/** What an instance asks for that is not there. */
async function hostProblems(
  instance: Instance,
  file: InstancesFile,
  registry: Registry,
): Promise<readonly Problem[]> {
  const {arch, image, 'backing-files': files = []} = instance
  const checks: ReadonlyArray<{readonly at: KeyPath; readonly check: () => unknown}> = [
    {at: ['arch'], check: () => registry.architecture(arch)},
    {at: ['config-disk'], check: () => checkConfigDisk(instance, registry)},
    {at: ['image'], check: () => readBaseImage(image, files)},
    ...files.map((name, index) => ({at: ['backing-files', index], check: () => checkFile(name)})),
    {at: ['root-disk'], check: () => checkRootDisk(instance)},
  ]
  const problems: Problem[] = []
  for (const {at, check} of checks) {
    try {
      await check()
    } catch (error) {
      problems.push(problemOf(error, at, instance, file))
    }
  }

  return problems
}

/** The bus of a config disk is the architecture's: an unknown one is a problem of `arch` alone. */
function checkConfigDisk({arch, config, 'config-disk': choice}: Instance, registry: Registry): void {
  const kind = registry.configDisk(choice.kind)
  if (registry.hasArchitecture(arch)) {
    kind.configure(choice, registry.architecture(arch), config)
  }
}

/** What an image may read has to be there, whether it does or not. */
async function checkFile(path: string): Promise<void> {
  const {handle} = await openImageFile(path)
  await handle.close()
}

/** An image that cannot be read is a problem of `image` alone. */
async function checkRootDisk({image, 'backing-files': files, 'root-disk': text}: Instance): Promise<void> {
  const base = await readBaseImage(image, files).catch(() => undefined)
  if (base !== undefined && text !== undefined) {
    overlaySize(base, {text, bytes: sizeInBytes(text)})
  }
}

function problemOf(error: unknown, at: KeyPath, instance: Instance, file: InstancesFile): Problem {
  if (!(error instanceof VmrunError)) {
    throw error
  }

  return {
    severity: 'error',
    message: printable(`${instance.name}: ${error.message}`),
    hint: error.hint,
    instance: instance.name,
    key: formatKeyPath(at),
    file: file.path,
    ...file.place(instance, ...at),
  }
}
