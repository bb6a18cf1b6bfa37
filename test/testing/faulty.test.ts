import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {beforeAll, expect, test} from 'vitest'
import {type Failure, faultySuites} from './faulty-suites.js'

let found: ReadonlyMap<string, readonly Failure[]>

/** A guest of each has to be waited for. */
const limit = 600_000

beforeAll(async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'vmrun-test-'))
  found = await faultySuites(path.join(directory, 'report.json'))
  return () => rm(directory, {recursive: true})
}, limit)

const accepted = 'vmrun accepts it'

const hardware = (keys: object): string =>
  `QEMU has all of the machine, and opens its files alone: ${JSON.stringify(keys)}`
const networks = ['user', 'isolated', 'none'].map(network => hardware({network}))
const [scsi, ide, disk] = [
  {kind: 'cdrom', bus: 'scsi'},
  {kind: 'cdrom', bus: 'ide'},
  {kind: 'virtio-blk'},
].map(configDisk => hardware({network: 'none', 'config-disk': configDisk}))
const fromCdrom = 'a guest finds its config on the config disk cdrom, and powers off'
const fromDisk = 'a guest finds its config on the config disk virtio-blk, and powers off'
const timeIsUp = 'the guest that its time is up for ends on the rung powerdown'
const stopped = 'the guest that waits ends on the rung powerdown when the run is to stop'
const stoppedBefore = 'no guest runs when the run is to stop before'
const dryRun = '--dry-run makes nothing'

const refuses = 'refuses an option that it does not know'
const holds = 'holds what it is to hold'
const same = 'is the same for the same instance, at any time'
const secrets = 'keeps secrets out of what it throws'
const opens = 'QEMU opens its file, whatever its name'
const reads = 'a guest reads its config'
const ejected = 'is gone from the host when the guest has ejected it'

const plans = 'plan makes nothing'
const runs = 'run says what was done, and all that it makes is gone afterwards'
const fails = 'all that it makes is gone when a later step fails'
const before = 'ends when the run was asked to stop just before it'
const during = 'ends when the run is asked to stop while it runs'
const end = 'what it does at the end is over when nobody waits any longer'

test.each([
  ['an architecture that has a member that is not known', [accepted], 'emulatedCPU is not known'],
  ['an architecture that has a name that is taken', [accepted], `is vmrun's own`],
  ['an architecture that has an IDE bus that QEMU does not know', [ide], `Bus 'ide.9' not found`],
  [
    'an architecture that has a network card that QEMU does not know',
    [networks[0], networks[1], fromCdrom, fromDisk, timeIsUp, stopped],
    '-device help',
  ],
  [
    'an architecture that opens a file of its own',
    [...networks, scsi, ide, disk, fromCdrom, fromDisk, timeIsUp, stopped],
    '/etc/hostname',
  ],
  [
    'an architecture that has a SCSI controller that the guest does not know',
    [fromCdrom],
    'Equip the machine',
  ],
  [
    'an architecture that has a guest that is deaf to the power button',
    [timeIsUp, stopped],
    'power off on it',
  ],
  [
    'an architecture that says that it has no power button until it is to be pressed',
    [timeIsUp, stopped].map(check => check.replace('powerdown', 'quit')),
    'Leave out "powerButton": false',
  ],
  [
    'an architecture that has its console elsewhere',
    [fromCdrom, fromDisk, stopped],
    'The guest printed nothing',
  ],
  [
    'an architecture that leaves a process whenever it is looked at',
    [dryRun, fromCdrom, fromDisk, timeIsUp, stopped, stoppedBefore],
    'sleep 20',
  ],
  [
    'an architecture that has no guest',
    [...networks, scsi, ide, disk, dryRun, fromCdrom, fromDisk, timeIsUp, stopped, stoppedBefore],
    'Build the guest first',
  ],
  ['a config disk that has a member that is not known', [accepted], 'title is not known'],
  ['a config disk that overlooks options', [refuses], 'throw a UsageError'],
  ['a config disk that names its file in the old syntax', [opens], 'in JSON'],
  ['a config disk that has too long a label', [holds, same, opens, reads], '1 to 32 characters'],
  ['a config disk that depends on the clock', [same], 'on no clock'],
  ['a config disk that quotes what it cannot use', [secrets], 'names the key and no value'],
  ['a config disk that holds what the guest does not look for', [reads], 'what the guest looks for'],
  ['a config disk that leaves the medium in', [ejected], 'the medium is removed'],
  ['a config disk that does not notice that it is ejected', [ejected], 'Have watch settle'],
  ['a step that has a place that is not there', [accepted], 'there is no such step'],
  ['a step that makes what it plans', [plans], 'tell it as commands'],
  ['a step that plans nothing that can be shown', [plans], 'its title and its commands'],
  ['a step that does not say what it did', [runs], 'return the title'],
  ['a step that cannot undo what it did', [runs, fails, before, during], 'it is stuck'],
  ['a step that leaves a file', [runs, fails, before, during, end], 'work/sample'],
  ['a step that removes its file at the end of runs that did not fail', [fails], 'Defer the removal'],
  ['a step that looks only at first whether it is to end', [during], 'its signal is aborted'],
  ['a step that does not look at first whether it is to end', [before], 'look at it at first'],
  ['a step that has no limit, and never ends when it is to end', [before], 'its signal is aborted'],
  ['a step that does what it does at the end as long as it likes', [end], 'ending.signal is aborted'],
])('%s fails just that, and is told what to do', (fault, checks, advice) => {
  const failures = found.get(fault) ?? []
  expect(new Set(failures.map(({check}) => check))).toEqual(new Set(checks))
  expect(failures.map(({message}) => message).join('\n')).toContain(advice)
})
