import type {Instance} from '../contract/instance.js'
import type {JsonObject} from '../contract/json-value.js'
import {hostileName} from './bench.js'

/** What the guests of a suite are run with. */
export interface GuestOptions {
  /**
   * The path of a guest's qcow2 image; nothing of it is changed. Without it, what needs a guest is skipped.
   *
   * The guest prints the text of instance.json on its serial console, and does as `"action"` in the config says:
   * - `"power-off"`, or none: it powers off by itself.
   * - `"wait"`: it prints `waiting`, waits for the power button, and powers off when that is pressed. On a machine that
   *   has none it waits for ever.
   */
  readonly image: string | undefined
  /** As in an instance. Default: `tcg`, which is the same on every host. */
  readonly accelerator?: Instance['accelerator']
  /** Further keys of the instances that are run: `{ram: '1G'}`. Default of `ram`: `256M`. */
  readonly instance?: Readonly<Record<string, unknown>>
  /** The longest that the guest takes to boot and to power off on the slowest host, in seconds. Default: 120. */
  readonly guestSeconds?: number
}

/** How long after a press that came too early the power button is pressed again, in seconds. */
const pressInterval = 5

/** The config of a guest that is to do something. No character in it may change what it means. */
export function hostileConfig(action: 'power-off' | 'wait'): JsonObject {
  return {action, text: `${hostileName} \u001b[2J \t \\" {"config": 1}`}
}

/** How long a guest may take, in seconds. */
export function secondsOf({guestSeconds = 120}: Pick<GuestOptions, 'guestSeconds'>): number {
  return guestSeconds
}

/** How long one check may take: a guest that takes its time twice, and what is around it. In milliseconds. */
export function limitOf(options: Pick<GuestOptions, 'guestSeconds'>): number {
  return (2 * secondsOf(options) + 60) * 1000
}

/** The keys of the instance that a guest is run as. */
export function guestKeys(options: Omit<GuestOptions, 'image'>): Readonly<Record<string, unknown>> {
  return {
    ram: '256M',
    accelerator: options.accelerator ?? 'tcg',
    config: hostileConfig('power-off'),
    ...options.instance,
    'timeout-seconds': secondsOf(options),
    'grace-seconds': secondsOf(options) + pressInterval,
  }
}
