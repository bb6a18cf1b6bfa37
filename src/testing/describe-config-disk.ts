import {describe, expect, onTestFinished, test, vi} from 'vitest'
import type {Architecture} from '../contract/architecture.js'
import type {ConfigDisk, ConfigDiskKind} from '../contract/config-disk.js'
import type {JsonObject, JsonValue} from '../contract/json-value.js'
import {configDiskImage, sha256} from '../disks/config/image.js'
import {UsageError} from '../errors/errors.js'
import type {EphemeralRun} from '../run/run.js'
import {hostileName} from './bench.js'
import {openFiles} from './left-behind.js'
import {
  describeError,
  describeSubject,
  type GuestOptions,
  hostileConfig,
  instanceName,
  registryOf,
  type Subject,
  subjectOf,
  withKeys,
} from './subject.js'
import {expectConfigRead, expectGuestRuns, expectOf, tryRun} from './trial.js'

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
  const {architecture: machine = 'x86_64', config = hostileConfig('power-off'), choices = [{}]} = options
  const isOwn = typeof machine === 'string'
  const architecture = isOwn ? registryOf({}).architecture(machine) : machine
  const subject = subjectOf({configDisks: [kind], ...(!isOwn && {architectures: [architecture]})}, options, {
    arch: architecture.name,
    config,
  })
  describeSubject(`config disk ${kind.name}`, subject, () => {
    describe.each(choices)('with %j', tried => {
      const choice = {...tried, kind: kind.name}
      test('refuses an option that it does not know', () => {
        expect(
          () => kind.configure({...choice, 'no-such-option': true}, architecture, config),
          'Have configure throw a UsageError for each key of its choice that is not known: one may be misspelt.',
        ).toThrow(UsageError)
      })

      const configure = (): ConfigDisk => kind.configure(choice, architecture, config)
      describeContent(configure, config)
      describeGuest(configure, withKeys(subject, {'config-disk': choice}), options)
    })
  })
}

/** Short, as what quotes the beginning of something would show all of it. */
const secret = 'hunter2'

/** Checks what is said of the bytes. @param configure makes it anew */
function describeContent(configure: () => ConfigDisk, config: JsonObject): void {
  test('is the same for the same instance, at any time', () => {
    onTestFinished(() => {
      vi.useRealTimers()
    })
    const hashes = ['2001-02-03T04:05:06Z', '2031-12-11T10:09:08Z'].map(now => {
      vi.useFakeTimers({toFake: ['Date'], now: new Date(now)})
      return sha256(configDiskImage(configure(), {name: instanceName, config}, new Date(0)))
    })
    const advice = 'Have content depend on its source alone: on no clock, random number or environment.'
    expect(hashes[0], advice).toBe(hashes[1])
  })

  test('keeps secrets out of what it throws', () => {
    for (const one of [config, ...variantsOf(config)]) {
      let shown = ''
      try {
        configure().content?.({name: instanceName, config: one})
      } catch (error) {
        shown = describeError(error)
      }

      expect(
        shown,
        `content was given a config in which "${secret}" is a secret, and threw an error with it. Throw one that names ` +
          'the key and no value; catch what a parser throws, as it quotes its input.',
      ).not.toContain(secret)
    }
  })
}

/** Configs in which a value is not what it should be, each with a secret in it. */
function variantsOf(config: JsonObject): readonly JsonObject[] {
  const values: readonly JsonValue[] = [secret, `${secret}\ud800\0`, [secret], {[secret]: secret}]
  return values.flatMap(value => [
    {[secret]: value},
    ...Object.keys(config).map(key => ({...config, [key]: value})),
    Object.fromEntries(Object.keys(config).map(key => [key, value])),
  ])
}

function describeGuest(
  configure: () => ConfigDisk,
  subject: Subject,
  {seen, ejects, image}: ConfigDiskOptions,
): void {
  test('QEMU opens its file, whatever its name', async () => {
    const advice =
      "Name the file in JSON: -blockdev '{…}', made by JSON.stringify, and open no other. " +
      'Look for the devices and options in what QEMU says to -device help.'
    const naming = configure()
      .arguments(`/${hostileName}`)
      .filter(argument => argument.includes('comma,'))
    expect(() => naming.map(argument => JSON.parse(argument)), advice).not.toThrow()
    await expectGuestRuns(subject, advice)
  })

  test.skipIf(image === undefined)('a guest reads its config', () =>
    expectConfigRead(
      subject,
      'Have the disk hold what the guest looks for, or name in "seen" what it prints then.',
      seen,
    ),
  )

  test.skipIf(image === undefined || ejects === undefined)(
    'is gone from the host when the guest has ejected it',
    async () => {
      let open: Promise<readonly string[]> | undefined
      const trial = await tryRun(withKeys(subject, {config: ejects}), {
        onEvent: (event, run) => {
          if (event.type === 'config-disk-ejected') {
            open = openDisks(run).finally(() => run.stop.request('interrupted'))
          }
        },
      })
      const settle =
        'Have watch settle when the guest has ejected the disk and the medium is removed from QEMU.'
      expectOf(trial, (await open)?.length, settle).toBe(1)
      await trial.bench.expectNothingLeft('Have watch leave nothing.')
    },
  )
}

/** The disks that this process, or QEMU, has open: the overlay, and the config disk. */
async function openDisks({workDirectory, running}: EphemeralRun): Promise<readonly string[]> {
  const pids = [process.pid, ...(running === undefined ? [] : [running.machine.pid])]
  const open = (await Promise.all(pids.map(openFiles))).flat()
  return [...new Set(open.filter(file => file.startsWith(workDirectory)))]
}
