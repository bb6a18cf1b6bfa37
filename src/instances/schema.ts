import * as z from 'zod'
import {protections} from '../contract/instance.js'
import {isJsonObject, type JsonObject, type JsonValue} from '../contract/json-value.js'
import type {InstanceKey} from '../contract/plugin.js'
import {mustBeSize, parseSize, sizeHint, sizePattern} from './size.js'

/** The longest time that a key can say, in seconds. */
const longestSeconds = 2 ** 31

/** How long a name can be, in UTF-16 code units: as long as that of a file. */
const longestName = 255

/** Linux, include/uapi/linux/limits.h: PATH_MAX. */
const longestPath = 4096
const mostFiles = 1000

const mostCpuCores = 512
const highestPort = 65_535

const withoutNul = /^[^\0]+$/u
const printableText = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]+$/u
const identifier = /^[\w.-]{1,255}$/u

const mustBeName = `must be a string of 1 to ${longestName} characters, all of them printable`
const mustBeImage = 'must be the path of a disk image'
const mustBeFile = 'must be the path of a file'
const mustBeFiles = `must be an array of up to ${mostFiles} paths, such as ["common.qcow2"]`
const mustBeProtection =
  'must be "obsolete", "elevateprivileges", "spawn", "resourcecontrol" or "no-new-privs"'
const mustBeArchitecture = 'must be the name of an architecture, such as "x86_64"'
const mustBeConfigDisk =
  'must be a kind of config disk, such as "cdrom", or an object with a "kind", such as {"kind": "cdrom", "bus": "ide"}'
const configDiskKind = z.string().regex(identifier, mustBeConfigDisk)
const configDiskChoice = z
  .object({kind: configDiskKind.meta({description: 'The kind of config disk.', examples: ['cdrom']})})
  .catchall(z.custom<JsonValue>())

/** A whole number between two others, both included. */
function wholeNumber(least: number, most: number) {
  const mustBe = `must be a whole number from ${least} to ${most}`
  return z.int(mustBe).min(least, mustBe).max(most, mustBe)
}

/** A size: see size.ts. */
function size() {
  return z
    .string(mustBeSize)
    .check(({value, issues}) => {
      if (parseSize(value) === undefined) {
        issues.push({code: 'custom', message: mustBeSize, input: value, params: {hint: sizeHint(value)}})
      }
    })
    .meta({pattern: sizePattern})
}

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

  image: z
    .string(mustBeImage)
    .max(longestPath, mustBeImage)
    .regex(withoutNul, mustBeImage)
    .meta({
      description:
        "Path of the base image, a qcow2 file, relative to this file's directory. It is never written to.",
      examples: ['ubuntu-amd64.qcow2'],
    }),

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

  'backing-files': z
    .array(z.string(mustBeFile).max(longestPath, mustBeFile).regex(withoutNul, mustBeFile), mustBeFiles)
    .max(mostFiles, mustBeFiles)
    .optional()
    .meta({
      description:
        "Other files that the base image may read: its backing file, that file's own backing file, an external data " +
        "file. Paths relative to this file's directory. Default: none.",
      examples: [['ubuntu-common.qcow2']],
    }),

  network: z
    .enum(['user', 'none', 'isolated'], 'must be "user", "none" or "isolated"')
    .default('user')
    .meta({
      description:
        "The guest's network: user (it reaches what the host reaches, the host's own loopback at 10.0.2.2 included), " +
        'isolated (a card, but no way out and none to the host; ssh-port works), or none (no card).',
      examples: ['isolated'],
    }),

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

  relax: z
    .array(z.enum(protections, mustBeProtection), 'must be an array of names of protections')
    .default([])
    .meta({
      description:
        'Protections of the host that QEMU is to run without: parts of its seccomp filter (obsolete, ' +
        'elevateprivileges, spawn, resourcecontrol), or no-new-privs. Each run then warns. Default: none.',
      examples: [['spawn']],
    }),

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

/** A key that a plugin contributes. */
export interface ContributedKey extends InstanceKey {
  /** The plugin's name. */
  readonly plugin: string
}

/** What the instances of a file may be, beside what is the same everywhere. */
export interface InstanceFormat {
  /** The default of `arch`. */
  readonly hostArchitecture: string
  /** The keys that plugins contribute. */
  readonly instanceKeys: readonly ContributedKey[]
  /** Who may know an unknown key and could not be asked; undefined where nobody may. */
  readonly doubt?: (key: string) => string | undefined
}

/**
 * The schema of each key, by which each is checked for itself. An error's message is the rest of a sentence that begins
 * with the key: "must be …". Where no host is meant, `arch` need not be there and has no default.
 */
export function keySchemas({
  hostArchitecture,
  instanceKeys,
}: {
  readonly hostArchitecture?: string
  readonly instanceKeys: readonly InstanceKey[]
}): Readonly<Record<string, z.ZodType>> {
  return {
    ...keys,
    arch: hostArchitecture === undefined ? keys.arch.optional() : keys.arch.default(hostArchitecture),
    ...Object.fromEntries(instanceKeys.map(({name, schema}) => [name, schema])),
  }
}
