import type {DeviceOptions} from '../../contract/architecture.js'
import {device} from './arguments.js'

/** What a guest reaches: what its host does, nothing but for forwarded ports, or nothing, having no card. */
export type Network = 'user' | 'isolated' | 'none'

/**
 * A network card behind QEMU's user networking.
 *
 * @param card the machine's
 * @param sshPort the port of the host's loopback that leads to the guest's port 22
 */
export function networkArguments(
  card: DeviceOptions,
  network: Network,
  sshPort: number | undefined,
): readonly string[] {
  if (network === 'none') {
    return []
  }

  // Without IPv6 there is one way out less that has to be kept shut.
  const restriction = network === 'isolated' ? ',restrict=on,ipv6=off' : ''
  const forward = sshPort === undefined ? '' : `,hostfwd=tcp:127.0.0.1:${sshPort}-:22`
  return [...['-netdev', `user,id=network${restriction}${forward}`], ...device({...card, netdev: 'network'})]
}
