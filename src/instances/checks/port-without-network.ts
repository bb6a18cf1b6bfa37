import type {z} from 'zod'
import {isJsonObject} from '../../json/value.js'
import type {RuleId} from '../../rules.js'
import type {Instance} from '../instance.js'

type Keys = Pick<Instance, 'network' | 'ssh-port'>

const concerned: ReadonlySet<unknown> = new Set<keyof Keys>(['network', 'ssh-port'])

/** Whether an `ssh-port` leads somewhere, if there is one. */
export function hasWayForPort({network, 'ssh-port': port}: Keys): boolean {
  return network !== 'none' || port === undefined
}

/** What is said of one that leads nowhere; that is looked at whatever is wrong with other keys. */
export const portWithoutNetwork = {
  path: ['ssh-port'],
  message: 'there is no network card that it could lead to',
  params: {
    rule: 'vmrun/port-without-network' satisfies RuleId,
    hint: 'leave it out, or set "network" to "isolated": forwarded ports work there, and nothing else',
  },
  when: ({value, issues}: z.core.ParsePayload) =>
    isJsonObject(value) && !issues.some(({path}) => concerned.has(path?.[0])),
}
