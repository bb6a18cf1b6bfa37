import type {Instance} from '../contract/instance.js'
import {type BaseImage, overlaySize, readBaseImage} from '../disks/base-image.js'
import {imageProblem, openImageFile} from '../disks/image-file.js'
import {VmrunError} from '../errors/errors.js'
import {hasKeys} from '../instances/check-entry.js'
import {formatKeyPath, type KeyPath} from '../instances/key-path.js'
import {
  describeUnknownFunction,
  parsePlaceholders,
  placeholderStringsIn,
  type Segment,
} from '../instances/placeholders/placeholders.js'
import {mostProblems} from '../instances/problem.js'
import type {RuleId, Severity} from '../instances/rules.js'
import {littleRam} from '../instances/size.js'
import type {Registry} from '../plugins/registry.js'

/** What a check has found about one instance. */
export interface Found {
  readonly rule: RuleId
  /** Default: error. */
  readonly severity?: Severity
  /** Shows no value of the config. */
  readonly message: string
  readonly hint?: string | undefined
  /** The value that it is about. */
  readonly at: KeyPath
}

/** Looks at the keys of an instance that hold, and at what is known beside it. */
export type Check = (
  values: Partial<Instance>,
  registry: Registry,
) => readonly Found[] | Promise<readonly Found[]>

/** A check of a few keys. It is not asked where one of them does not hold, which is a problem by itself already. */
function checkOf<Key extends keyof Instance>(
  keys: readonly Key[],
  look: (values: Pick<Instance, Key>, registry: Registry) => readonly Found[] | Promise<readonly Found[]>,
): Check {
  return (values, registry) => (hasKeys(values, keys) ? look(values, registry) : [])
}

/** What `look` throws about the value at `at`, as something found. @throws what is no error of vmrun's */
async function errorFound(
  rule: RuleId | ((error: VmrunError) => RuleId),
  at: KeyPath,
  look: () => unknown,
): Promise<readonly Found[]> {
  try {
    await look()
    return []
  } catch (error) {
    if (!(error instanceof VmrunError)) {
      throw error
    }

    const {message, hint} = error
    return [{rule: typeof rule === 'string' ? rule : rule(error), message, hint, at}]
  }
}

/** Of every instance, whatever the host: what it names has to be offered by a plugin, vmrun itself among them. */
export const checks: readonly Check[] = [
  checkOf(['arch'], ({arch}, registry) =>
    errorFound('vmrun/unknown-architecture', ['arch'], () => registry.architecture(arch)),
  ),
  checkOf(['config-disk'], ({'config-disk': {kind}}, registry) =>
    errorFound('vmrun/unknown-config-disk', ['config-disk'], () => registry.configDisk(kind)),
  ),
  // What is not known is a problem of its own.
  checkOf(['config-disk', 'arch', 'config'], ({'config-disk': choice, arch, config}, registry) =>
    registry.hasArchitecture(arch) && registry.hasConfigDisk(choice.kind)
      ? errorFound('vmrun/config-disk-options', ['config-disk'], () =>
          registry.configDisk(choice.kind).configure(choice, registry.architecture(arch), config),
        )
      : [],
  ),
  checkOf(['config'], ({config}, registry) => {
    const found: Found[] = []
    for (const {text, path} of placeholderStringsIn(config)) {
      for (const segment of parsePlaceholders(text)) {
        found.push(...lookAtSegment(segment, path, registry))
        if (found.length > mostProblems) {
          return found
        }
      }
    }

    return found
  }),
  // A guest with next to no memory does not fail: it never starts.
  checkOf(['ram'], ({ram}) => {
    const message = littleRam(ram)
    const hint = 'give it "512M" or so, unless it is known to do with less'
    return message === undefined
      ? []
      : [{rule: 'vmrun/little-ram', severity: 'warning', message, hint, at: ['ram']}]
  }),
]

function lookAtSegment(segment: Segment, path: () => KeyPath, registry: Registry): readonly Found[] {
  if (typeof segment === 'string') {
    return []
  }

  if ('fault' in segment) {
    const hint = 'write ${{ NAME:ARGUMENT }}, or $${{ where the text ${{ itself is meant'
    return [mistaken('vmrun/malformed-placeholder', path(), segment.fault, hint)]
  }

  const {source} = segment
  if (registry.placeholders.has(source)) {
    return []
  }

  const {message, hint} = describeUnknownFunction(source, Array.from(registry.placeholders.keys()), name =>
    registry.doubtOfPlaceholder(name),
  )
  return [mistaken('vmrun/unknown-placeholder', path(), message, hint)]
}

function mistaken(rule: RuleId, at: KeyPath, what: string, hint: string): Found {
  return {rule, message: `${formatKeyPath(at)}: ${what}`, hint, at}
}

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
    checkOf(['image', 'backing-files'], values => errorFound(ruleOf, ['image'], () => look(values))),
    // What an image may read has to be there, whether it does or not.
    checkOf(['backing-files'], async ({'backing-files': files = []}) => {
      const found = files.map((file, index) =>
        errorFound(ruleOf, ['backing-files', index], async () => {
          const {handle} = await openImageFile(file)
          await handle.close()
        }),
      )
      return (await Promise.all(found)).flat()
    }),
    // An image that cannot be read is a problem of `image` alone.
    checkOf(['root-disk', 'image', 'backing-files'], async ({'root-disk': text, ...image}) => {
      const base = text === undefined ? undefined : await look(image).catch(() => undefined)
      return base === undefined || text === undefined
        ? []
        : await errorFound('vmrun/small-root-disk', ['root-disk'], () => overlaySize(base, text))
    }),
  ]
}

function ruleOf(error: VmrunError): RuleId {
  return ruleOfFault[imageProblem(error)]
}

const ruleOfFault = {
  missing: 'vmrun/missing-image',
  unreadable: 'vmrun/unreadable-image',
  unusable: 'vmrun/unusable-image',
  'hidden-file': 'vmrun/hidden-file',
} as const
