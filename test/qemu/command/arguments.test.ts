import {expect, test} from 'vitest'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'
import {
  baseArguments,
  device,
  deviceArguments,
  hardwareArguments,
  interactiveArguments,
  QemuCommandLine,
  supervisedArguments,
} from '../../../src/qemu/command/arguments.js'
import {sandboxArguments} from '../../../src/qemu/fence/sandbox.js'
import {guestImage} from '../../guest-image.js'
import {openFiles} from '../../open-files.js'
import {hostileNames} from '../hostile-names.js'
import {nanoGuest} from '../nano-guest.js'

test('QEMU starts with nothing that was not asked for', () => {
  expect(baseArguments().slice(0, 4)).toEqual(['-nodefaults', '-no-user-config', '-display', 'none'])
})

test.runIf(process.platform === 'linux')('QEMU is filtered, but for what is relaxed', () => {
  expect(baseArguments(['spawn']).slice(4)).toEqual(sandboxArguments(['spawn']))
})

const hardware = {
  ...{machine: 'q35', accelerator: 'tcg', cpu: 'max', cores: 2, ram: '4G', firmware: undefined},
  reboot: 'allow',
} as const
const supervised =
  '-S -chardev socket,id=qmp,fd=3 -mon chardev=qmp,mode=control ' +
  '-chardev socket,id=console,fd=4 -serial chardev:console'

const hardwareText = '-machine q35,dump-guest-core=off -accel tcg -cpu max -smp 2 -m 4G'

test.each([
  [{}, hardwareText],
  [{firmware: '/firmware.fd'}, `${hardwareText} -bios /firmware.fd`],
  [{reboot: 'forbid'}, `${hardwareText} -no-reboot`],
] as const)('the hardware, with %j', (further, text) => {
  expect(hardwareArguments({...hardware, ...further}).join(' ')).toBe(text)
})

test.each([
  ['supervised', supervisedArguments(), supervised],
  [
    'supervised, with ports and an agent,',
    supervisedArguments({driver: 'virtio-serial-pci'}, true),
    `${supervised} -device {"driver":"virtio-serial-pci","id":"ports"} ` +
      [
        [5, 'status', 'org.vmrun.status'],
        [6, 'control', 'org.vmrun.control'],
        [7, 'log', 'org.vmrun.log'],
        [8, 'agent', 'org.qemu.guest_agent.0'],
      ]
        .map(
          ([descriptor, chardev, name]) =>
            `-chardev socket,id=${chardev},fd=${descriptor} ` +
            `-device ${JSON.stringify({driver: 'virtserialport', bus: 'ports.0', chardev, name})}`,
        )
        .join(' '),
  ],
  ['that a person starts', interactiveArguments, '-serial mon:stdio'],
])('a QEMU %s is reached over what it is given alone', (_, programArguments, text) => {
  expect(programArguments.join(' ')).toBe(text)
})

test.each(hostileNames)(
  'QEMU opens the files in a directory called %j, and no others',
  async directoryName => {
    const {machine, overlay, configDisk} = await nanoGuest('wait', {directoryName})
    await machine.ready()
    const regular = (await openFiles(machine.pid)).filter(
      file => file === overlay || file === configDisk || /\.(?:qcow2|iso)$/u.test(file),
    )
    expect(new Set(regular)).toEqual(new Set([overlay, configDisk, await guestImage('nano')]))
  },
)

test('the guest starts from the root disk, and reads the config disk, whatever their names', async () => {
  const {machine, printed} = await nanoGuest('power-off', {
    directoryName: hostileNames.join('|').replaceAll('/', ''),
  })
  await machine.ready()
  await machine.start()
  expect(await printed('nano: action power-off')).toContain('instance.json {"name":"vm-1"')
  expect(await machine.ended).toEqual({how: 'powered-off'})
})

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
    const {entropy, panic, ...devices} = x86_64.devices
    expect(deviceArguments(devices, network, sshPort)).toEqual(programArguments)
    expect(deviceArguments(x86_64.devices, network, sshPort)).toEqual([
      ...programArguments,
      ...device(entropy ?? {}),
      ...device(panic ?? {}),
    ])
  },
)

test('what steps add stands in the order in which it was added, and is nothing but strings', () => {
  const commandLine = new QemuCommandLine()
  commandLine.add('-device', 'virtio-rng-pci')
  commandLine.add()
  commandLine.add('-s')
  for (const added of [5, undefined, null, ['-s']]) {
    expect(() => Reflect.apply(commandLine.add, commandLine, ['-m', added])).toThrow('expected strings')
  }

  expect(commandLine.arguments).toEqual(['-device', 'virtio-rng-pci', '-s'])
})
