import {describe, expect, test} from 'vitest'
import type {Architecture} from '../contract/architecture.js'
import type {ConfigDisk, ConfigDiskKind} from '../contract/config-disk.js'
import type {ConfigDiskChoice} from '../contract/instance.js'
import type {JsonObject} from '../contract/json-value.js'
import {UsageError} from '../errors/errors.js'
import {builtIn} from '../plugins/built-in.js'
import {Bench} from './bench.js'
import {describeContent} from './describe-content.js'
import {copiesOpen} from './open-copies.js'
import {type GuestOptions, guestKeys, hostileConfig, limitOf} from './options.js'
import {pausedMachine} from './paused-machine.js'
import {expectSeen} from './seen.js'
import {advising, describeAcceptance, type Subject} from './subject.js'
import {expectEnd, storyOf, tryRun} from './trial.js'

/** What a kind of config disk is tried with. */
export interface ConfigDiskOptions extends GuestOptions {
  /** The machine that it is put into, which is the guest's; one of vmrun's own by its name. Default: `x86_64`. */
  readonly architecture?: Architecture | string
  /** The options of the kind that are tried, each beside its `kind`: `[{}, {bus: 'ide'}]`. Default: none, `[{}]`. */
  readonly choices?: readonly JsonObject[]
  /** The config that it is given. Default: one with which the guest powers off, with hostile characters in it. */
  readonly config?: JsonObject
  /** What the guest prints when it has read its config. Default: the text of instance.json. */
  readonly seen?: string | RegExp
  /** A config with which the guest ejects the disk and runs on for at least a second. Without it, that is skipped. */
  readonly ejects?: JsonObject
}

/** Checks of a kind of config disk what its users rely on, with QEMU and a guest. To be called in a file of vitest. */
export function describeConfigDisk(kind: ConfigDiskKind, options: ConfigDiskOptions): void {
  const {config = hostileConfig('power-off'), choices = [{}]} = options
  const {architecture, isOwn} = machineOf(options.architecture ?? 'x86_64')
  const subject: Subject = {
    definition: {configDisks: [kind], ...(!isOwn && {architectures: [architecture]})},
    keys: {...guestKeys(options), arch: architecture.name, config},
    image: options.image,
  }
  const configure = (choice: JsonObject): ConfigDisk =>
    kind.configure({...choice, kind: kind.name}, architecture, config)

  describe.sequential(`config disk ${kind.name}`, {timeout: limitOf(options)}, () => {
    const isSound = describeAcceptance(subject.definition)
    describe.runIf(isSound).each(choices.map(choice => [JSON.stringify(choice), choice] as const))(
      'with %s',
      (_, choice) => {
        test('refuses an option that it does not know', () => {
          expect(
            () => configure({...choice, 'no-such-option': true}),
            'Have configure throw a UsageError for each key of its choice that is not known: one may be misspelt.',
          ).toThrow(UsageError)
        })

        describeContent(() => configure(choice), config)
        describeGuest({...subject, keys: {...subject.keys, 'config-disk': choiceOf(kind, choice)}}, options)
      },
    )
  })
}

function machineOf(named: Architecture | string): {
  readonly architecture: Architecture
  readonly isOwn: boolean
} {
  if (typeof named !== 'string') {
    return {architecture: named, isOwn: false}
  }

  const {architectures = []} = builtIn
  const architecture = architectures.find(({name}) => name === named)
  if (architecture === undefined) {
    const names = architectures.map(({name}) => name).join(', ')
    throw new Error(
      `vmrun has no architecture "${named}", only ${names}. Give the plugin's own one as "architecture".`,
    )
  }

  return {architecture, isOwn: true}
}

function choiceOf({name}: ConfigDiskKind, choice: JsonObject): ConfigDiskChoice {
  return {...choice, kind: name}
}

function describeGuest(subject: Subject, {seen, ejects, image}: ConfigDiskOptions): void {
  test('QEMU opens its file, whatever its name', async () => {
    const advice =
      "Name the file in JSON: -blockdev '{…}', made by JSON.stringify, and open no other. " +
      'Look for the devices and options in what QEMU says to -device help.'
    const {opened, expected} = await advising(advice, async () => pausedMachine(await Bench.make(), subject))
    expect(opened, `${advice}\n${opened.join('\n')}\n`).toEqual(expected)
  })

  test.skipIf(image === undefined)('a guest reads its config', async () => {
    const bench = await Bench.make()
    const trial = await tryRun(bench, subject)
    expectSeen(
      trial,
      seen,
      'Have the disk hold what the guest looks for, or name in "seen" what it prints then.',
    )
    await expectEnd(bench, trial, 'completed', 'Have the guest of "image" power off after that.')
  })

  test.skipIf(image === undefined || ejects === undefined)(
    'is gone from the host when the guest has ejected it',
    async () => {
      const bench = await Bench.make()
      let pid: number | undefined
      let open: Promise<readonly string[]> | undefined
      const trial = await tryRun(
        bench,
        {...subject, keys: {...subject.keys, config: ejects}},
        {
          onEvent: (event, run) => {
            if (event.type === 'run-started') {
              run.onMachine(machine => {
                ;({pid} = machine)
              })
            } else if (event.type === 'config-disk-ejected') {
              open = copiesOpen(bench, run, pid).finally(() => run.stop.request('interrupted'))
            }
          },
        },
      )
      expect(
        await open,
        `Have watch settle when the guest has ejected the disk and the medium is removed from QEMU.\n${storyOf(trial)}`,
      ).toEqual([])
      await bench.expectNothingLeft('Have watch leave nothing.')
    },
  )
}
