import {describe, test} from 'vitest'
import type {Architecture} from '../contract/architecture.js'
import type {ConfigDiskChoice} from '../contract/instance.js'
import {describeRun} from '../launch/prepare-run.js'
import {Bench} from './bench.js'
import {
  advising,
  describeSubject,
  type GuestOptions,
  hostileConfig,
  registryOf,
  requestOf,
  type Subject,
  subjectOf,
  withKeys,
} from './subject.js'
import {expectEnd, expectGuestRuns, expectOf, expectSeen, type Trial, tryRun} from './trial.js'

/** What the guests of an architecture are run with. */
export type ArchitectureOptions = GuestOptions

/** Checks of an architecture what its users rely on, with QEMU itself and a guest. To be called in a file of vitest. */
export function describeArchitecture(architecture: Architecture, options: ArchitectureOptions): void {
  const subject = subjectOf({architectures: [architecture]}, options, {arch: architecture.name})
  describeSubject(`architecture ${architecture.name}`, subject, options, () => {
    describeHardware(architecture, subject)
    describeDryRun(subject)
    describe.skipIf(options.image === undefined)('with a guest', () => {
      describeBoots(architecture, subject)
      describeStops(architecture, subject)
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
  // A machine that has no CD-ROM has to be told so in each instance.
  const disk = disks[0] === undefined ? {} : {'config-disk': disks[0]}
  const variants = [
    ...networks.map(network => ({network})),
    ...disks.map(choice => ({network: 'none', 'config-disk': choice})),
  ].map(keys => [JSON.stringify(keys), keys] as const)

  test.each(variants)('QEMU has all of the machine, and opens its files alone: %s', (_, keys) =>
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
  test.each(disks.map(disk => [disk.kind, disk] as const))(
    'a guest finds its config on the config disk %s, and powers off',
    async (kind, disk) => {
      const trial = await tryRun(withKeys(subject, {'config-disk': disk}))
      const equip = `Equip the machine so that the guest of "image" finds a config disk ${kind}.`
      expectSeen(trial, undefined, equip)
      await expectEnd(
        trial,
        'completed',
        'Have the guest of "image" power off after it has printed instance.json, and the machine notice that.',
      )
    },
  )
}

/** Those of vmrun's config disks that the machine can have. */
function available(
  architecture: Architecture,
  choices: readonly ConfigDiskChoice[],
): readonly ConfigDiskChoice[] {
  return choices.filter(choice => {
    try {
      registryOf({}).configDisk(choice.kind).configure(choice, architecture, {})
      return true
    } catch {
      return false
    }
  })
}

/** Checks how a guest ends that does not by itself. */
function describeStops({powerButton}: Architecture, subject: Subject): void {
  const waiting = withKeys(subject, {'config-disk': {kind: 'virtio-blk'}, config: hostileConfig('wait')})
  const rung = powerButton === false ? 'quit' : 'powerdown'
  const advice =
    rung === 'quit'
      ? 'Leave out "powerButton": false, or have it be so whenever it is read.'
      : 'Have the guest of "image" wait for the power button and power off on it, within "guestSeconds", ' +
        'or say "powerButton": false where the machine has none.'
  const expectRung = async (trial: Trial, verdict: 'timed-out' | 'interrupted'): Promise<void> => {
    const rungs = trial.events.flatMap(event => (event.type === 'shutting-down' ? [event.rung] : []))
    expectOf(trial, rungs, advice).toEqual([rung])
    await expectEnd(trial, verdict, advice)
  }

  test(`the guest that its time is up for ends on the rung ${rung}`, async () => {
    await expectRung(await tryRun(withKeys(waiting, {'timeout-seconds': 1})), 'timed-out')
  })

  test(`the guest that waits ends on the rung ${rung} when the run is to stop`, async () => {
    const trial = await tryRun(waiting, {stopAt: 'waiting'})
    const print = 'Have the guest of "image" print "waiting" with "action": "wait".'
    expectOf(trial, trial.console, print).toContain('waiting')
    await expectRung(trial, 'interrupted')
  })

  test('no guest runs when the run is to stop before', async () => {
    const trial = await tryRun(waiting, {
      onEvent: (event, {stop}) => {
        if (event.type === 'step-started' && event.step === 'qemu') {
          stop.request('interrupted')
        }
      },
    })
    const types = trial.events.map(({type}) => type)
    const report = 'Report this: vmrun let a guest run although the run was to stop.'
    expectOf(trial, types, report).not.toContain('machine-running')
    await expectEnd(trial, 'interrupted', 'Have "program" be QEMU itself, which ends when it is killed.')
  })
}
