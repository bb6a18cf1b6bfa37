import * as z from 'zod'
import type {InstanceKey} from '../contract.js'
import {isJsonObject, type JsonObject, type JsonValue} from '../json/value.js'
import {hasWayForPort, portWithoutNetwork} from './checks/port-without-network.js'
import {hostAccessKeys} from './host-access-keys.js'
import {imageKeys} from './image-keys.js'
import {longestName, longestSeconds, size, wholeNumber} from './value-schemas.js'

const mostCpuCores = 512
const highestPort = 65_535

const printableText = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]+$/u
const identifier = /^[\w.-]{1,255}$/u

const mustBeName = `must be a string of 1 to ${longestName} characters, all of them printable`
const mustBeArchitecture = 'must be the name of an architecture, such as "x86_64"'
const mustBeConfigDisk =
  'must be a kind of config disk, such as "cdrom", or an object with a "kind", such as {"kind": "cdrom", "bus": "ide"}'
const configDiskKind = z.string().regex(identifier)
const configDiskChoice = z
  .object({kind: configDiskKind.meta({description: 'The kind of config disk.', examples: ['cdrom']})})
  .catchall(z.custom<JsonValue>())

/** Each key with what it means, its unit and its default: the manual of the instances file. */
const keys = {
  name: z
    .string(mustBeName)
    .max(longestName, mustBeName)
    .regex(printableText, mustBeName)
    .meta({
      description: 'What the instance is called on the command line. Unique in the file.',
      examples: ['vm-1'],
    }),

  image: imageKeys.image,

  'timeout-seconds': wholeNumber(1, longestSeconds).meta({
    description: 'How long the guest may run, in seconds, from the moment it starts to run.',
    examples: [14_400],
  }),

  config: z.custom<JsonObject>(isJsonObject, 'must be a JSON object').meta({
    type: 'object',
    description:
      'What the guest reads as `config` from instance.json on its config disk: any JSON object. In its strings, ' +
      '${{ env:NAME }} and ${{ file:PATH }} stand for an environment variable and the text of a file.',
    examples: [{repo: 'example/project', token: '${{ env:RUNNER_TOKEN }}'}],
  }),

  arch: z
    .string(mustBeArchitecture)
    .regex(identifier, mustBeArchitecture)
    .meta({
      description: "The guest's architecture. Default: the host's.",
      examples: ['x86_64', 'aarch64'],
    }),

  'cpu-cores': wholeNumber(1, mostCpuCores)
    .default(1)
    .meta({description: 'How many CPU cores the guest has.', examples: [4]}),

  ram: size()
    .default('1G')
    .meta({
      description: "The guest's memory: a whole number and a unit, K, M, G or T (powers of 1,024).",
      examples: ['4G'],
    }),

  'root-disk': size()
    .optional()
    .meta({
      description:
        "The size of the guest's root disk: a whole number and a unit, K, M, G or T (powers of 1,024). " +
        "At least the base image's. Default: the base image's.",
      examples: ['80G'],
    }),

  'backing-files': imageKeys['backing-files'],

  network: hostAccessKeys.network,

  'ssh-port': wholeNumber(1, highestPort)
    .optional()
    .meta({
      description: "The TCP port on 127.0.0.1 that leads to the guest's port 22. Default: none.",
      examples: [2222],
    }),

  'config-disk': z
    .union([configDiskKind, configDiskChoice], mustBeConfigDisk)
    .transform(choice => (typeof choice === 'string' ? {kind: choice} : choice))
    .prefault('cdrom')
    .meta({
      description:
        'How the guest gets its configuration: a kind of config disk, or an object of the kind and its options.',
      examples: ['cdrom', 'virtio-blk', 'nocloud', {kind: 'cdrom', bus: 'ide'}],
    }),

  accelerator: z
    .enum(['auto', 'kvm', 'tcg', 'hvf'], 'must be "auto", "kvm", "tcg" or "hvf"')
    .default('auto')
    .meta({
      description:
        'What runs the guest: kvm (Linux), hvf (macOS), tcg (everywhere, slower), or auto: the quickest that works.',
      examples: ['auto'],
    }),

  reboot: z
    .enum(['allow', 'forbid'], 'must be "allow" or "forbid"')
    .default('allow')
    .meta({
      description:
        'What happens when the guest resets the machine: allow (it reboots, and the run goes on) or forbid (the run ' +
        'ends as guest-failed).',
      examples: ['forbid'],
    }),

  relax: hostAccessKeys.relax,

  'start-seconds': wholeNumber(1, longestSeconds)
    .default(60)
    .meta({
      description:
        'How long opening the image, making the overlay, QEMU and each step of a plugin may take, in seconds.',
      examples: [60],
    }),

  'grace-seconds': wholeNumber(0, longestSeconds)
    .default(60)
    .meta({
      description:
        'How long the guest has to shut itself down, in seconds, once it is asked to; then it is killed.',
      examples: [60],
    }),
}

/** The names of the keys that every vmrun knows. */
export const ownKeyNames: readonly string[] = Object.keys(keys)

/** Why a name that is not known may be right all the same; undefined where it cannot. */
export type Doubt = (name: string) => string | undefined

/** What the instances of a file may be, beside what is the same everywhere. */
export interface InstanceFormat {
  /** The default of `arch`. */
  readonly hostArchitecture: string
  /** The keys that plugins contribute. */
  readonly instanceKeys: readonly InstanceKey[]
  /** Says of an unknown key who may know it and could not be asked. The instance is then left out, and no other. */
  readonly doubt?: Doubt | undefined
}

/**
 * The schema of each key, without what keys have to do with each other. Where no host is meant, `arch` need not be there
 * and has no default.
 */
export function keySchemas({
  hostArchitecture,
  instanceKeys,
}: Pick<InstanceFormat, 'instanceKeys'> & {readonly hostArchitecture?: string}): Readonly<
  Record<string, z.ZodType>
> {
  return {
    ...keys,
    arch: hostArchitecture === undefined ? keys.arch.optional() : keys.arch.default(hostArchitecture),
    ...Object.fromEntries(instanceKeys.map(({name, schema}) => [name, schema])),
  }
}

/**
 * The schema of one entry of the instances file. An error's message is the rest of a sentence that begins with the
 * key: "must be …".
 */
export function instanceSchema({hostArchitecture, instanceKeys}: InstanceFormat) {
  return z
    .strictObject({
      ...keys,
      arch: keys.arch.default(hostArchitecture),
      ...Object.fromEntries(instanceKeys.map(key => [key.name, key.schema])),
    })
    .refine(hasWayForPort, portWithoutNetwork)
}
