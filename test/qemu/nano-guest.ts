import {mkdir, open, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Readable} from 'node:stream'
import {onTestFinished} from 'vitest'
import {readBaseImage} from '../../src/disks/base-image.js'
import {cdrom} from '../../src/disks/config/drives.js'
import {configDiskImage} from '../../src/disks/config/image.js'
import {writeOverlay} from '../../src/disks/overlay.js'
import {backingNode, rootDiskArguments} from '../../src/disks/root-disk.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import {
  baseArguments,
  deviceArguments,
  hardwareArguments,
  supervisedArguments,
} from '../../src/qemu/command/arguments.js'
import {QemuMachine} from '../../src/qemu/machine/machine.js'
import {guestImage} from '../guest-image.js'
import {temporaryDirectory} from '../temporary-directory.js'

/** A nano guest in a QEMU that waits to be told to go. */
export interface NanoGuest {
  readonly machine: QemuMachine
  readonly overlay: string
  readonly configDisk: string
  /** Waits until the guest has printed a text; gives everything that it has printed so far. */
  readonly printed: (text: string) => Promise<string>
}

export interface NanoOptions {
  /** In place of those of the overlay. */
  readonly rootDisk?: (overlay: string) => readonly string[]
  /** What its directory is called. */
  readonly directoryName?: string
  readonly furtherArguments?: readonly string[]
}

/** A machine with an action for the nano guest; it is killed when the test is over. */
export async function nanoGuest(action: string, options: NanoOptions = {}): Promise<NanoGuest> {
  const directory = join(await temporaryDirectory(), options.directoryName ?? 'run')
  await mkdir(directory)
  const overlay = join(directory, 'overlay.qcow2')
  const configDisk = join(directory, 'config-disk.iso')
  const base = await readBaseImage(await guestImage('nano'))
  const file = await open(overlay, 'wx')
  await writeOverlay(file, base.virtualSize).finally(() => file.close())
  await writeFile(configDisk, configDiskImage({}, {name: 'vm-1', config: {action}}, new Date(0)).chunks)
  const machine = await spawnMachine([
    ...hardwareArguments({
      machine: x86_64.machine,
      accelerator: 'tcg',
      cpu: x86_64.emulatedCpu,
      cores: 1,
      ram: '64M',
      firmware: undefined,
      reboot: 'allow',
    }),
    ...(options.rootDisk?.(overlay) ??
      rootDiskArguments({
        overlay,
        base: backingNode(base.top, ({path}) => path),
        device: x86_64.devices.disk,
      })),
    ...cdrom.configure({kind: 'cdrom'}, x86_64, {}).arguments(configDisk),
    ...deviceArguments(x86_64.devices, 'none'),
    ...(options.furtherArguments ?? []),
  ])
  const printed = waitForText(machine.connections.console)
  return {machine, overlay, configDisk, printed}
}

/** A nano guest that runs. */
export async function startedGuest(action: string, options?: NanoOptions): Promise<NanoGuest> {
  const guest = await nanoGuest(action, options)
  await guest.machine.ready()
  await guest.machine.start()
  return guest
}

/** A machine of these arguments under supervision; it is killed when the test is over. */
export async function spawnMachine(
  programArguments: readonly string[],
  program = 'qemu-system-x86_64',
): Promise<QemuMachine> {
  const machine = await QemuMachine.spawn([
    program,
    ...baseArguments(),
    ...programArguments,
    ...supervisedArguments(),
  ])
  onTestFinished(async () => {
    machine.kill()
    await machine.ended
    machine.connections.console.destroy()
  })
  return machine
}

function waitForText(console: Readable): (text: string) => Promise<string> {
  let all = ''
  console.setEncoding('utf8').on('data', (piece: string) => {
    all += piece
  })
  return text =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (all.includes(text)) {
          resolve(all)
        }
      }
      console.on('data', look)
      console.once('end', () => reject(new Error(`the guest ended without ${JSON.stringify(text)}: ${all}`)))
      look()
    })
}
