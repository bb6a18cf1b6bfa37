import * as z from 'zod'
import {protections} from '../contract/instance.js'
import {isJsonObject, type JsonObject, type JsonValue} from '../contract/json-value.js'
import type {InstanceKey} from '../contract/plugin.js'
import {mustBeSize, parseSize, sizeHint, sizePattern} from './size.js'

/** The longest time that a key can say, in seconds. */
const longestSeconds = 2 ** 31

/** How long a name can be, in UTF-16 code units: as long as that of a file. */
export const longestName = 255

/** Linux, include/uapi/linux/limits.h: PATH_MAX. */
const longestPath = 4096
const mostFiles = 1000

const mostCpuCores = 512
const highestPort = 65_535

const withoutNul = /^[^\0]+$/u
const printableText = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]+$/u
/** What a kind of thing that a plugin may contribute is called. */
export const namePattern = /^[\w.-]+$/u

const mustBeName = `must be a string of 1 to ${longestName} characters, all of them printable`
const mustBeFiles = `must be an array of up to ${mostFiles} paths, such as ["common.qcow2"]`
const mustBeProtection =
  'must be "obsolete", "elevateprivileges", "spawn", "resourcecontrol" or "no-new-privs"'
const mustBeConfigDisk =
  'must be a kind of config disk, such as "cdrom", or an object with a "kind", such as {"kind": "cdrom", "bus": "ide"}'

/** A string of this form. */
function text(mustBe: string, form: RegExp, longest = longestName) {
  return z.string(mustBe).max(longest, mustBe).regex(form, mustBe)
}

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

/** `schema` with what it means, its unit and its default: the manual of the instances file. */
function told<Schema extends z.ZodType>(
  schema: Schema,
  examples: readonly JsonValue[],
  ...description: readonly string[]
): Schema {
  return schema.meta({description: description.join(' '), examples})
}

const configDiskKind = text(mustBeConfigDisk, namePattern)
const configDisk = z
  .object({kind: told(configDiskKind, ['cdrom'], 'The kind of config disk.')})
  .catchall(z.custom<JsonValue>())

const keys = {
  name: told(
    text(mustBeName, printableText),
    ['vm-1'],
    'What the instance is called on the command line. Unique in the file.',
  ),
  image: told(
    text('must be the path of a disk image', withoutNul, longestPath),
    ['ubuntu-amd64.qcow2'],
    "Path of the base image, a qcow2 file, relative to this file's directory. It is never written to.",
  ),
  'timeout-seconds': told(
    wholeNumber(1, longestSeconds),
    [14_400],
    'How long the guest may run, in seconds, from the moment it starts to run, and anew from when it first says',
    'that it is busy.',
  ),
  'ready-seconds': told(
    wholeNumber(1, longestSeconds).optional(),
    [120],
    'How long the guest may take to say that it is ready, in seconds from its start: with vmrun-say, on its port',
    'org.vmrun.status. A run whose guest does not is boot-failed. Default: it need not.',
  ),
  'idle-seconds': told(
    wholeNumber(1, longestSeconds).optional(),
    [600],
    'How long a guest that has said that it is ready may have nothing to do, in seconds; then it is shut down, and',
    'the run is completed. Default: until its time is up.',
  ),
  config: told(
    z.custom<JsonObject>(isJsonObject, 'must be a JSON object').meta({type: 'object'}),
    [{repo: 'example/project', token: '${{ env:RUNNER_TOKEN }}'}],
    'What the guest reads as `config` from instance.json on its config disk: any JSON object. In its strings,',
    '${{ env:NAME }} and ${{ file:PATH }} stand for an environment variable and the text of a file.',
  ),
  arch: told(
    text('must be the name of an architecture, such as "x86_64"', namePattern),
    ['x86_64', 'aarch64'],
    "The guest's architecture. Default: the host's.",
  ),
  'cpu-cores': told(wholeNumber(1, mostCpuCores).default(1), [4], 'How many CPU cores the guest has.'),
  ram: told(
    size().default('1G'),
    ['4G'],
    "The guest's memory: a whole number and a unit, K, M, G or T (powers of 1,024).",
  ),
  'root-disk': told(
    size().optional(),
    ['80G'],
    "The size of the guest's root disk: a whole number and a unit, K, M, G or T (powers of 1,024).",
    "At least the base image's. Default: the base image's.",
  ),
  'backing-files': told(
    z
      .array(text('must be the path of a file', withoutNul, longestPath), mustBeFiles)
      .max(mostFiles, mustBeFiles)
      .optional(),
    [['ubuntu-common.qcow2']],
    "Other files that the base image may read: its backing file, that file's own backing file, an external data",
    "file. Paths relative to this file's directory. Default: none.",
  ),
  network: told(
    z.enum(['user', 'none', 'isolated'], 'must be "user", "none" or "isolated"').default('user'),
    ['isolated'],
    "The guest's network: user (it reaches what the host reaches, the host's own loopback at 10.0.2.2 included),",
    'isolated (a card, but no way out and none to the host; ssh-port works), or none (no card).',
  ),
  'ssh-port': told(
    wholeNumber(1, highestPort).optional(),
    [2222],
    "The TCP port on 127.0.0.1 that leads to the guest's port 22. Default: none.",
  ),
  'guest-agent': told(
    z.boolean('must be true or false').default(false),
    [true],
    'Whether the guest has qemu-guest-agent, which then gets a port of its own, org.qemu.guest_agent.0. Where a machine has no',
    'power button, it is asked to shut the guest down.',
  ),
  'config-disk': told(
    z
      .union([configDiskKind, configDisk], mustBeConfigDisk)
      .transform(choice => (typeof choice === 'string' ? {kind: choice} : choice))
      .prefault('cdrom'),
    ['cdrom', 'virtio-blk', 'nocloud', {kind: 'cdrom', bus: 'ide'}],
    'How the guest gets its configuration: a kind of config disk, or an object of the kind and its options.',
  ),
  accelerator: told(
    z.enum(['auto', 'kvm', 'tcg', 'hvf'], 'must be "auto", "kvm", "tcg" or "hvf"').default('auto'),
    ['auto'],
    'What runs the guest: kvm (Linux), hvf (macOS), tcg (everywhere, slower), or auto: the quickest that works.',
  ),
  reboot: told(
    z.enum(['allow', 'forbid'], 'must be "allow" or "forbid"').default('allow'),
    ['forbid'],
    'What happens when the guest resets the machine: allow (it reboots, and the run goes on) or forbid (the run',
    'ends as guest-failed).',
  ),
  relax: told(
    z.array(z.enum(protections, mustBeProtection), 'must be an array of names of protections').default([]),
    [['spawn']],
    'Protections of the host that QEMU is to run without: parts of its seccomp filter (obsolete,',
    'elevateprivileges, spawn, resourcecontrol), or no-new-privs. Each run then warns. Default: none.',
  ),
  'start-seconds': told(
    wholeNumber(1, longestSeconds).default(60),
    [60],
    'How long opening the image, making the overlay, QEMU and each step of a plugin may take, in seconds.',
  ),
  'grace-seconds': told(
    wholeNumber(0, longestSeconds).default(60),
    [60],
    'How long the guest has to shut itself down, in seconds, once it is asked to; then it is killed.',
  ),
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
  /** The default of `arch`; where no host is meant, that has none. */
  readonly hostArchitecture?: string
  /** The keys that plugins contribute. */
  readonly instanceKeys: readonly ContributedKey[]
  /** Who may know an unknown key and could not be asked; undefined where nobody may. */
  doubtOfKey?(key: string): string | undefined
}

/**
 * The schema of each key, by which each is checked for itself. An error's message is the rest of a sentence that begins
 * with the key: "must be …".
 */
export function keySchemas({
  hostArchitecture,
  instanceKeys,
}: InstanceFormat): Readonly<Record<string, z.ZodType>> {
  return {
    ...keys,
    arch: hostArchitecture === undefined ? keys.arch.optional() : keys.arch.default(hostArchitecture),
    ...Object.fromEntries(instanceKeys.map(({name, schema}) => [name, schema])),
  }
}
