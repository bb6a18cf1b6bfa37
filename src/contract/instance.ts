import type {JsonObject} from './json-value.js'

/** What QEMU is kept from by default, and what each part of it is called in the `relax` key. */
export const protections = [
  'obsolete',
  'elevateprivileges',
  'spawn',
  'resourcecontrol',
  'no-new-privs',
] as const

/** One part of it. */
export type Protection = (typeof protections)[number]

/** The config disk that an instance asks for: its kind, and the options that this kind knows. */
export interface ConfigDiskChoice extends JsonObject {
  readonly kind: string
}

/**
 * One checked entry of the instances file, defaults applied. What each key means, its unit and its default are
 * described beside the key in schema.ts.
 */
export interface Instance {
  readonly name: string
  /** Absolute. */
  readonly image: string
  readonly 'timeout-seconds': number
  /** Without it, the guest need not say that it is ready. */
  readonly 'ready-seconds'?: number | undefined
  /** Without it, a guest may have nothing to do for as long as it runs. */
  readonly 'idle-seconds'?: number | undefined
  /** As written in the file: its placeholders are not resolved. */
  readonly config: JsonObject
  readonly arch: string
  readonly 'cpu-cores': number
  /** A size: see size.ts. */
  readonly ram: string
  /** A size: see size.ts. Without it, the disk is as large as the image. */
  readonly 'root-disk'?: string | undefined
  /** Absolute. Without it, the image may read no other file. */
  readonly 'backing-files'?: readonly string[] | undefined
  readonly network: 'user' | 'none' | 'isolated'
  /** Without it, no port is forwarded. */
  readonly 'ssh-port'?: number | undefined
  /** Whether the guest runs `qemu-guest-agent`, which gets a port of its own. */
  readonly 'guest-agent': boolean
  readonly 'config-disk': ConfigDiskChoice
  readonly accelerator: 'auto' | 'kvm' | 'tcg' | 'hvf'
  readonly reboot: 'allow' | 'forbid'
  readonly relax: readonly Protection[]
  readonly 'start-seconds': number
  readonly 'grace-seconds': number
}
