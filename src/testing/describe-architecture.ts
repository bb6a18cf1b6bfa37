import {describe, test} from 'vitest'
import type {Architecture} from '../contract/architecture.js'
import type {ConfigDiskChoice} from '../contract/instance.js'
import {attempt} from '../errors/errors.js'
import {describeRun} from '../launch/prepare-run.js'
import {
  describeSubject,
  expectNothingMade,
  type GuestOptions,
  hostileConfig,
  registryOf,
  type Subject,
  subjectOf,
  withKeys,
} from './subject.js'
import {expectConfigRead, expectEnd, expectGuestRuns, expectOf, tryRun} from './trial.js'

/** What the guests of an architecture are run with. */
export type ArchitectureOptions = GuestOptions

/** Checks of an architecture what its users rely on, with QEMU itself and a guest. To be called in a file of vitest. */
export function describeArchitecture(architecture: Architecture, options: ArchitectureOptions): void {
  const subject = subjectOf({architectures: [architecture]}, options, {arch: architecture.name})
  describeSubject(`architecture ${architecture.name}`, subject, () => {
    describeHardware(architecture, subject)
    test('--dry-run makes nothing', () =>
      expectNothingMade(
        subject,
        describeRun,
        'Have the members of the architecture be mere data that QEMU knows.',
      ))
    describe.skipIf(options.image === undefined)('with a guest', () => {
      describeBoots(architecture, subject)
      describeStops(architecture, subject)
    })
  })
}

function describeHardware(architecture: Architecture, subject: Subject): void {
  const disks = available(architecture, [
    {kind: 'cdrom', bus: 'scsi'},
    {kind: 'cdrom', bus: 'ide'},
    {kind: 'virtio-blk'},
  ])
  // A machine that has no CD-ROM has to be told so in each instance.
  const disk = disks[0] === undefined ? {} : {'config-disk': disks[0]}
  const networks = ['user', 'isolated', 'none'].map(network => ({network}))
  const others = disks.map(choice => ({network: 'none', 'config-disk': choice}))
  test.each([...networks, ...others])('QEMU has all of the machine, and opens its files alone: %j', keys =>
    expectGuestRuns(
      withKeys(subject, {...disk, ...keys}),
      'Look for the machine, the processor, and the devices with their options in what QEMU says to -machine help, ' +
        '-cpu help, -device help and -device DRIVER,help. ' +
        'Leave it to vmrun to name files: take what opens others out of "arguments".',
    ),
  )
}

function describeBoots(architecture: Architecture, subject: Subject): void {
  const disks = available(architecture, [{kind: 'cdrom'}, {kind: 'virtio-blk'}])
  test.each(disks)('a guest finds its config on the config disk $kind, and powers off', disk =>
    expectConfigRead(
      withKeys(subject, {'config-disk': disk}),
      `Equip the machine so that the guest of "image" finds a config disk ${disk.kind}.`,
    ),
  )
}

/** Those of vmrun's config disks that the machine can have. */
function available(
  architecture: Architecture,
  choices: readonly ConfigDiskChoice[],
): readonly ConfigDiskChoice[] {
  return choices.filter(choice =>
    attempt(() => registryOf({}).configDisk(choice.kind).configure(choice, architecture, {})),
  )
}

/** Checks how a guest ends that does not by itself. */
function describeStops({powerButton}: Architecture, subject: Subject): void {
  const rung = powerButton === false ? 'quit' : 'powerdown'
  test(`the guest that waits ends on the rung ${rung} when the run is to stop`, async () => {
    const trial = await tryRun(
      withKeys(subject, {'config-disk': {kind: 'virtio-blk'}, config: hostileConfig('wait')}),
      {stopAt: 'waiting'},
    )
    const print = 'Have the guest of "image" print "waiting" with "action": "wait".'
    expectOf(trial, trial.console, print).toContain('waiting')
    const rungs = trial.events.flatMap(event => (event.type === 'shutting-down' ? [event.rung] : []))
    const advice =
      rung === 'quit'
        ? 'Leave out "powerButton": false, or have it be so whenever it is read.'
        : 'Have the guest of "image" wait for the power button and power off on it, within "guestSeconds", ' +
          'or say "powerButton": false where the machine has none.'
    expectOf(trial, rungs, advice).toEqual([rung])
    await expectEnd(trial, 'interrupted', advice)
  })
}
