import type {Instance} from '../contract/instance.js'
import {type BaseImage, overlaySize, readBaseImage} from '../disks/base-image.js'
import {imageRule, openImageFile} from '../disks/image-file.js'
import {attempt, ownError, type VmrunError} from '../errors/errors.js'
import {type Entry, hasKeys, problemAt} from '../instances/check-entry.js'
import {
  parsePlaceholders,
  placeholderStringsIn,
  segmentProblem,
} from '../instances/placeholders/placeholders.js'
import {formatKeyPath, type KeyPath, mostProblems, type TextProblem} from '../instances/problem.js'
import type {RuleId} from '../instances/rules.js'
import {littleRam} from '../instances/size.js'
import type {Registry} from '../plugins/registry.js'

type Problems = readonly TextProblem[] | Promise<readonly TextProblem[]>

/** Looks at the keys of an entry that hold, and at what is known beside it. */
export type Check = (entry: Entry, registry: Registry) => Problems

/** A check of a few keys. It is not asked where one of them does not hold, which is a problem by itself already. */
function checkOf<Key extends keyof Instance>(
  keys: readonly Key[],
  look: (values: Pick<Instance, Key>, entry: Entry, registry: Registry) => Problems,
): Check {
  return (entry, registry) => (hasKeys(entry.values, keys) ? look(entry.values, entry, registry) : [])
}

/** What `look` throws about the value at `path`, as a problem of it. @throws what is no error of vmrun's */
async function thrownBy(
  look: () => unknown,
  entry: Entry,
  path: KeyPath,
  rule: RuleId | ((error: VmrunError) => RuleId),
): Promise<readonly TextProblem[]> {
  try {
    await look()
    return []
  } catch (error) {
    const own = ownError(error)
    const {message, hint} = own
    return [problemAt(entry, path, {rule: typeof rule === 'string' ? rule : rule(own), message, hint})]
  }
}

/** Of every instance, whatever the host: what it names has to be offered by a plugin, vmrun itself among them. */
export const checks: readonly Check[] = [
  checkOf(['arch'], ({arch}, entry, registry) =>
    thrownBy(() => registry.architecture(arch), entry, ['arch'], 'vmrun/unknown-architecture'),
  ),
  checkOf(['config-disk'], ({'config-disk': {kind}}, entry, registry) =>
    thrownBy(() => registry.configDisk(kind), entry, ['config-disk'], 'vmrun/unknown-config-disk'),
  ),
  // What is not known is a problem of its own.
  checkOf(['config-disk', 'arch', 'config'], ({'config-disk': choice, arch, config}, entry, registry) => {
    const architecture = attempt(() => registry.architecture(arch))
    const kind = attempt(() => registry.configDisk(choice.kind))
    const configure = () => architecture && kind?.configure(choice, architecture, config)
    return thrownBy(configure, entry, ['config-disk'], 'vmrun/config-disk-options')
  }),
  checkOf(['config'], ({config}, entry, registry) => {
    const found: TextProblem[] = []
    const known = Array.from(registry.placeholders.keys())
    for (const {text, path} of placeholderStringsIn(config)) {
      for (const segment of parsePlaceholders(text)) {
        const problem = segmentProblem(segment, known, name => registry.doubtOfPlaceholder(name))
        if (problem !== undefined && found.length <= mostProblems) {
          const message = `${formatKeyPath(path())}: ${problem.message}`
          found.push(problemAt(entry, path(), {...problem, message}))
        }
      }
    }

    return found
  }),
  // A guest with next to no memory does not fail: it never starts.
  checkOf(['ram'], ({ram}, entry) => {
    const message = littleRam(ram)
    const hint = 'give it "512M" or so, unless it is known to do with less'
    return message === undefined
      ? []
      : [problemAt(entry, ['ram'], {rule: 'vmrun/little-ram', severity: 'warning', message, hint})]
  }),
]

/**
 * Looks at the base images of instances, at each but once, however many share it.
 *
 * @param tables whether all that an image's tables lead to has to be there
 */
export function imageLooks(
  tables = true,
): (values: Pick<Instance, 'image' | 'backing-files'>) => Promise<BaseImage> {
  const looks = new Map<string, Promise<BaseImage>>()
  return ({image, 'backing-files': files = []}) => {
    const key = JSON.stringify([image, ...files])
    const found = looks.get(key) ?? readBaseImage(image, {allowed: files, tables})
    looks.set(key, found)
    return found
  }
}

/** What the instances of some files ask of this host, and what `--no-host-checks` leaves out. */
export function hostChecks(): readonly Check[] {
  const look = imageLooks()
  return [
    checkOf(['image', 'backing-files'], (values, entry) =>
      thrownBy(() => look(values), entry, ['image'], imageRule),
    ),
    // What an image may read has to be there, whether it does or not.
    checkOf(['backing-files'], async ({'backing-files': files = []}, entry) => {
      const open = async (file: string) => await (await openImageFile(file)).handle.close()
      const found = files.map((file, index) =>
        thrownBy(() => open(file), entry, ['backing-files', index], imageRule),
      )
      return (await Promise.all(found)).flat()
    }),
    // An image that cannot be read is a problem of `image` alone.
    checkOf(['root-disk', 'image', 'backing-files'], async ({'root-disk': text, ...image}, entry) => {
      const base = text === undefined ? undefined : await look(image).catch(() => undefined)
      return base === undefined || text === undefined
        ? []
        : await thrownBy(() => overlaySize(base, text), entry, ['root-disk'], 'vmrun/small-root-disk')
    }),
  ]
}
