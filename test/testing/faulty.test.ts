import {execFile} from 'node:child_process'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {beforeAll, describe, expect, test} from 'vitest'

/** A check, as vitest's JSON tells of it. */
interface Check {
  readonly ancestorTitles: readonly string[]
  readonly title: string
  readonly status: string
  readonly failureMessages: readonly string[]
}

/** The checks of the suites in faulty/ that failed. */
let failed: readonly Check[]

/** A guest of each has to be waited for. */
const limit = 600_000

// In a vitest of their own.
beforeAll(async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'vmrun-test-'))
  const report = path.join(directory, 'report.json')
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'))
  const root = new URL('../../', import.meta.url).pathname
  const command = [
    path.join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...['--config', path.join(root, 'test/testing/faulty/vitest.config.ts')],
    ...['--reporter', 'json', '--outputFile', report],
  ]
  await new Promise<void>(resolve => {
    // It fails, as it is to.
    execFile(process.execPath, command, {cwd: root, env: Object.fromEntries(environment)}, () => resolve())
  })
  const {testResults}: {readonly testResults: ReadonlyArray<{readonly assertionResults: readonly Check[]}>} =
    JSON.parse(await readFile(report, 'utf8'))
  const checks = testResults.flatMap(({assertionResults}) => assertionResults)
  failed = checks.filter(({status}) => status === 'failed')
  return () => rm(directory, {recursive: true})
}, limit)

function expectFailures(fault: string, checks: ReadonlyArray<string | undefined>, advice: string): void {
  const failures = failed.filter(({ancestorTitles}) => ancestorTitles[0] === fault)
  expect(new Set(failures.map(({title}) => title))).toEqual(new Set(checks))
  expect(failures.flatMap(({failureMessages}) => failureMessages).join('\n')).toContain(advice)
}

const accepted = 'vmrun accepts it'

const hardware = (keys: object): string =>
  `QEMU has all of the machine, and opens its files alone: ${JSON.stringify(keys)}`
const networks = ['user', 'isolated', 'none'].map(network => hardware({network}))
const [scsi, ide, disk] = [
  {kind: 'cdrom', bus: 'scsi'},
  {kind: 'cdrom', bus: 'ide'},
  {kind: 'virtio-blk'},
].map(configDisk => hardware({network: 'none', 'config-disk': configDisk}))
const fromCdrom = "a guest finds its config on the config disk 'cdrom', and powers off"
const fromDisk = "a guest finds its config on the config disk 'virtio-blk', and powers off"
const stopped = 'the guest that waits ends on the rung powerdown when the run is to stop'
const dryRun = '--dry-run makes nothing'
const hardwares = [...networks, scsi, ide, disk]
const guests = [fromCdrom, fromDisk, stopped]

const refuses = 'refuses an option that it does not know'
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

describe('an architecture that', () => {
  test.each([
    ['has a member that is not known', [accepted], 'Unrecognized key: "emulatedCPU"'],
    ['has a name that is taken', [accepted], `is vmrun's own`],
    ['has an IDE bus that QEMU does not know', [ide], `Bus 'ide.9' not found`],
    ['has a network card that QEMU does not know', [networks[0], networks[1], ...guests], '-device help'],
    ['opens a file of its own', [...hardwares, ...guests], '/etc/hostname'],
    ['has a SCSI controller that the guest does not know', [fromCdrom], 'Equip the machine'],
    ['has a guest that is deaf to the power button', [stopped], 'power off on it'],
    [
      'says that it has no power button until it is to be pressed',
      [stopped.replace('powerdown', 'quit')],
      'Leave out "powerButton": false',
    ],
    ['has its console elsewhere', [fromCdrom, fromDisk, stopped], 'The guest printed nothing'],
    ['leaves a process whenever it is looked at', [dryRun, ...guests], 'sleep 20'],
    ['has no guest', [...hardwares, dryRun, ...guests], 'Build the guest first'],
  ])('%s fails just that, and is told what to do', (fault, checks, advice) => {
    expectFailures(`an architecture that ${fault}`, checks, advice)
  })
})

describe('a config disk that', () => {
  test.each([
    ['has a member that is not known', [accepted], 'Unrecognized key: "title"'],
    ['overlooks options', [refuses], 'throw a UsageError'],
    ['names its file in the old syntax', [opens], 'in JSON'],
    ['has too long a label', [same, opens, reads], '1 to 32 characters'],
    ['depends on the clock', [same], 'on no clock'],
    ['quotes what it cannot use', [secrets], 'names the key and no value'],
    ['holds what the guest does not look for', [reads], 'what the guest looks for'],
    ['leaves the medium in', [ejected], 'the medium is removed'],
    ['does not notice that it is ejected', [ejected], 'Have watch settle'],
  ])('%s fails just that, and is told what to do', (fault, checks, advice) => {
    expectFailures(`a config disk that ${fault}`, checks, advice)
  })
})

describe('a step that', () => {
  test.each([
    ['has a place that is not there', [accepted], 'there is no such step'],
    ['makes what it plans', [plans], 'Have plan make nothing'],
    ['plans nothing that can be shown', [plans], 'its title, and its commands'],
    ['does not say what it did', [runs], 'return the title'],
    ['cannot undo what it did', [runs, fails, before, during], 'it is stuck'],
    ['leaves a file', [runs, fails, before, during, end], 'work/sample'],
    ['removes its file at the end of runs that did not fail', [fails], 'Defer the removal'],
    ['looks only at first whether it is to end', [during], 'its signal is aborted'],
    ['does not look at first whether it is to end', [before], 'look at it at first'],
    ['has no limit, and never ends when it is to end', [before], 'its signal is aborted'],
    ['does what it does at the end as long as it likes', [end], 'ending.signal is aborted'],
  ])('%s fails just that, and is told what to do', (fault, checks, advice) => {
    expectFailures(`a step that ${fault}`, checks, advice)
  })
})
