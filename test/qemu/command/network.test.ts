import {expect, test} from 'vitest'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'
import {networkArguments} from '../../../src/qemu/command/network.js'

const card = ['-device', '{"driver":"virtio-net-pci","romfile":"","netdev":"network"}']

test.each([
  ['user', undefined, ['-netdev', 'user,id=network', ...card]],
  ['user', 2222, ['-netdev', 'user,id=network,hostfwd=tcp:127.0.0.1:2222-:22', ...card]],
  ['isolated', undefined, ['-netdev', 'user,id=network,restrict=on,ipv6=off', ...card]],
  [
    'isolated',
    2222,
    ['-netdev', 'user,id=network,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:2222-:22', ...card],
  ],
  ['none', undefined, []],
] as const)(
  'with the network %s and the ssh-port %s, nothing but the loopback leads to the guest',
  (...given) => {
    const [network, sshPort, programArguments] = given
    expect(networkArguments(x86_64.devices.network, network, sshPort)).toEqual(programArguments)
  },
)
