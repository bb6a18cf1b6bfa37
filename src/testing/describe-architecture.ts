import {describe, expect, test} from 'vitest'
import type {Architecture} from '../contract/architecture.js'
import type {ConfigDiskChoice} from '../contract/instance.js'
import {cdrom} from '../disks/config/cdrom.js'
import {virtioBlk} from '../disks/config/virtio-blk.js'
import {describeRun} from '../launch/describe-run.js'
import {Bench} from './bench.js'
import {describeStops} from './describe-stops.js'
import {type GuestOptions, guestKeys, limitOf, secondsOf} from './options.js'
import {pausedMachine} from './paused-machine.js'
import {expectSeen} from './seen.js'
import {advising, describeAcceptance, requestOf, type Subject} from './subject.js'
import {expectEnd, tryRun} from './trial.js'

/** What the guests of an architecture are run with. */
export type ArchitectureOptions = GuestOptions

/** Checks of an architecture what its users rely on, with QEMU itself and a guest. To be called in a file of vitest. */
export function describeArchitecture(architecture: Architecture, options: ArchitectureOptions): void {
  const subject: Subject = {
    definition: {architectures: [architecture]},
    keys: {...guestKeys(options), arch: architecture.name},
    image: options.image,
  }
  describe.sequential(`architecture ${architecture.name}`, {timeout: limitOf(options)}, () => {
    const isSound = describeAcceptance(subject.definition)
    describe.runIf(isSound)('in a run', () => {
      describeHardware(architecture, subject)
      describeDryRun(subject)
      describe.skipIf(options.image === undefined)('with a guest', () => {
        describeBoots(architecture, subject)
        describeStops(architecture, subject, secondsOf(options))
      })
    })
  })
}

function describeDryRun(subject: Subject): void {
  test('--dry-run makes nothing', async () => {
    const bench = await Bench.make()
    const request = await requestOf(bench, subject)
    await advising('Have the architecture name what QEMU has.', () => describeRun(request))
    await bench.expectNothingLeft('Have the members of the architecture be mere data.')
  })
}

const networks = ['user', 'isolated', 'none']

function describeHardware(architecture: Architecture, subject: Subject): void {
  const disks = available(architecture, [
    {kind: 'cdrom', bus: 'scsi'},
    {kind: 'cdrom', bus: 'ide'},
    {kind: 'virtio-blk'},
  ])
  const variants = [
    ...networks.map(network => ({network})),
    ...disks.map(disk => ({network: 'none', 'config-disk': disk})),
  ].map(keys => [JSON.stringify(keys), keys] as const)

  test.each(variants)('QEMU has all of the machine, and opens its files alone: %s', async (_, keys) => {
    const {opened, expected} = await advising(
      'Look for the machine, the processor, and the devices with their options in what QEMU says to -machine help, ' +
        '-cpu help, -device help and -device DRIVER,help.',
      async () =>
        pausedMachine(await Bench.make(), {...subject, keys: {...subject.keys, ...diskFor(disks), ...keys}}),
    )
    expect(
      opened,
      `Leave it to vmrun to name files: take what opens others out of "arguments".\n${opened.join('\n')}\n`,
    ).toEqual(expected)
  })
}

function describeBoots(architecture: Architecture, subject: Subject): void {
  test.each(
    available(architecture, [{kind: 'cdrom'}, {kind: 'virtio-blk'}]).map(disk => [disk.kind, disk] as const),
  )('a guest finds its config on the config disk %s, and powers off', async (kind, disk) => {
    const bench = await Bench.make()
    const trial = await tryRun(bench, {...subject, keys: {...subject.keys, 'config-disk': disk}})
    expectSeen(
      trial,
      undefined,
      `Equip the machine so that the guest of "image" finds a config disk ${kind}.`,
    )
    await expectEnd(
      bench,
      trial,
      'completed',
      'Have the guest of "image" power off after it has printed instance.json, and the machine notice that.',
    )
  })
}

/** Those of vmrun's config disks that the machine can have. */
function available(
  architecture: Architecture,
  choices: readonly ConfigDiskChoice[],
): readonly ConfigDiskChoice[] {
  return choices.filter(choice => {
    try {
      ;[cdrom, virtioBlk].find(({name}) => name === choice.kind)?.configure(choice, architecture, {})
      return true
    } catch {
      return false
    }
  })
}

/** A machine that has no CD-ROM has to be told so in each instance. */
function diskFor([first]: readonly ConfigDiskChoice[]): Readonly<Record<string, unknown>> {
  return first === undefined ? {} : {'config-disk': first}
}
