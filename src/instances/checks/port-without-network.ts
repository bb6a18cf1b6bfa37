import type {z} from 'zod'
import type {Instance} from '../instance.js'

/** Refuses an `ssh-port` that could lead nowhere. */
export function forbidPortWithoutNetwork({
  value,
  issues,
}: z.core.ParsePayload<Pick<Instance, 'network' | 'ssh-port'>>): void {
  const {network, 'ssh-port': port} = value
  if (network === 'none' && port !== undefined) {
    issues.push({
      code: 'custom',
      path: ['ssh-port'],
      message: 'there is no network card that it could lead to',
      input: port,
      params: {
        hint: 'leave it out, or set "network" to "isolated": forwarded ports work there, and nothing else',
      },
    })
  }
}
