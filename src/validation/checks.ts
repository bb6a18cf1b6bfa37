import {VmrunError} from '../errors.js'
import {hasKeys} from '../instances/check-entry.js'
import type {Instance} from '../instances/instance.js'
import {formatKeyPath, type KeyPath} from '../instances/key-path.js'
import {
  describeUnknownFunction,
  parsePlaceholders,
  type Segment,
  stringsIn,
} from '../instances/placeholders.js'
import {sizeInBytes} from '../instances/size.js'
import type {Registry} from '../plugins/registry.js'
import {type BaseImage, overlaySize, readBaseImage} from '../qemu/image/base-image.js'
import {imageFault} from '../qemu/image/image-error.js'
import {openImageFile} from '../qemu/image/open-file.js'
import type {RuleId} from '../rules.js'

/** What a check has found about one instance. */
export interface Found {
  readonly rule: RuleId
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
  checkOf(['config'], ({config}, registry) =>
    Array.from(stringsIn(config)).flatMap(({text, path}) =>
      parsePlaceholders(text).flatMap(segment => lookAtSegment(segment, path, registry)),
    ),
  ),
]

function lookAtSegment(segment: Segment, at: KeyPath, registry: Registry): readonly Found[] {
  if (typeof segment === 'string') {
    return []
  }

  const key = formatKeyPath(at)
  if ('fault' in segment) {
    const hint = 'write ${{ NAME:ARGUMENT }}, or $${{ where the text ${{ itself is meant'
    return [{rule: 'vmrun/malformed-placeholder', message: `${key}: ${segment.fault}`, hint, at}]
  }

  const {source} = segment
  if (registry.placeholders.has(source)) {
    return []
  }

  const {message, hint} = describeUnknownFunction(source, Array.from(registry.placeholders.keys()), name =>
    registry.doubtOfPlaceholder(name),
  )
  return [{rule: 'vmrun/unknown-placeholder', message: `${key}: ${message}`, hint, at}]
}

/** What the instances of some files ask of this host, and what `--no-host-checks` leaves out. */
export function hostChecks(): readonly Check[] {
  const looks = new Map<string, Promise<BaseImage>>()
  // At each image but once, however many instances share it.
  const look = ({image, 'backing-files': files = []}: Pick<Instance, 'image' | 'backing-files'>) => {
    const key = JSON.stringify([image, ...files])
    const found = looks.get(key) ?? readBaseImage(image, files)
    looks.set(key, found)
    return found
  }
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
        : await errorFound('vmrun/small-root-disk', ['root-disk'], () =>
            overlaySize(base, {text, bytes: sizeInBytes(text)}),
          )
    }),
  ]
}

function ruleOf(error: VmrunError): RuleId {
  return ruleOfFault[imageFault(error)]
}

const ruleOfFault = {
  missing: 'vmrun/missing-image',
  unreadable: 'vmrun/unreadable-image',
  unusable: 'vmrun/unusable-image',
  'hidden-file': 'vmrun/hidden-file',
} as const
