import {access} from 'node:fs/promises'
import {codeOf} from '../errors/thrown.js'
import type {InstancesFile} from '../instances/instances-file.js'
import type {Problem} from '../instances/problem.js'
import {type Overrides, overrideInstance} from '../launch/override-instance.js'
import {demandPlaceholders} from '../launch/resolve-config.js'
import type {Registry} from '../plugins/registry.js'
import {ProgramCache} from '../qemu/programs/program-cache.js'
import {openInstancesFile, partsOf} from '../validation/open-instance.js'
import {accelerations} from './accelerate.js'
import {examineCoreDumps} from './core-dumps.js'
import {examineEndOfVmrun} from './end-of-vmrun.js'
import {examineArchitecture} from './examine-architecture.js'
import {doubtfulInstances, examineInstance, type InstanceFinding} from './examine-instance.js'
import {checkNames, type Finding} from './finding.js'
import {knownHost} from './known-host.js'
import {examineLimits} from './limits.js'
import {largestDemand, memoryFinding} from './memory.js'
import {examinePlugins} from './plugins.js'
import {examinePrivileges} from './privileges.js'
import {examineStateDirectory} from './state-directory.js'
import {examineUser, type FoundUser} from './user.js'
import {examineWorkDirectory} from './work-directory.js'

/** What is to be examined. */
export interface ExaminationRequest {
  readonly registry: Registry
  /** The instances file. */
  readonly file: string
  /** Whether somebody named the file, so that it has to be there. */
  readonly fileIsNamed: boolean
  /** As on the command line of `run`. */
  readonly workDir: string | undefined
  /** As on the command line of `run`. */
  readonly user: string | undefined
  /** As on the command line of `run`. */
  readonly overrides: Overrides
  /** Where to remember what was measured about this host. */
  readonly cacheDirectory: string
  readonly environment: NodeJS.ProcessEnv
}

/** How well this host can run guests. */
export interface HostReport {
  /** In the order of the page. */
  readonly findings: readonly Finding[]
  /** The instances file that was read; null where there is none. */
  readonly file: string | null
  readonly instances: readonly InstanceFinding[]
}

/**
 * Finds out how well this host can run guests, and which instances of a file could run. No guest runs, and nothing is
 * left behind but what is remembered of QEMU.
 *
 * @throws InstancesFileError when the file does not hold, and UsageError when --user cannot be what it is
 */
export async function examineHost(
  request: ExaminationRequest,
): Promise<{readonly report: HostReport; readonly warnings: readonly Problem[]}> {
  const {registry, cacheDirectory, environment} = request
  const opened = await openIfThere(request)
  const instances = opened?.instances ?? []
  const [user, work] = await Promise.all([
    examineUser(request.user),
    examineWorkDirectory(request.workDir, environment),
  ])
  const cache = new ProgramCache(cacheDirectory)
  const accelerate = await accelerations({cache, user, workDirectory: work.directory})
  const [guests, others] = await Promise.all([
    Promise.all(registry.architectures.map(one => examineArchitecture(one, user.confine, accelerate))),
    examineOthers(user, environment),
  ])
  const endOfVmrun = await examineEndOfVmrun(
    guests.flatMap(({program}) => (program === undefined ? [] : [program])),
    cache,
  )
  const findings = [
    ...guests.flatMap(guest => guest.findings),
    ...[...others, user.finding, work.finding, endOfVmrun].filter(finding => finding !== undefined),
    memoryFinding(process.availableMemory(), largestDemand(instances)),
    ...examinePlugins(registry),
  ].toSorted((one, other) => checkNames.indexOf(one.check) - checkNames.indexOf(other.check))
  const host = knownHost({findings, guests, user, accelerate}, async instance => {
    partsOf(instance, registry)
    await demandPlaceholders(instance, registry)
    return overrideInstance(instance, request.overrides)
  })
  return {
    report: {
      findings,
      file: opened?.path ?? null,
      instances: [
        ...(await Promise.all(instances.map(instance => examineInstance(instance, host)))),
        ...doubtfulInstances(opened?.problems ?? []),
      ],
    },
    warnings: opened?.problems ?? [],
  }
}

/** What depends neither on an architecture nor on the instances. */
async function examineOthers(
  {confine}: FoundUser,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Finding[]> {
  const [coreDumps, state, limits, privileges] = await Promise.all([
    examineCoreDumps(),
    examineStateDirectory(environment),
    examineLimits(),
    confine && examinePrivileges(confine),
  ])
  return [coreDumps, state, ...limits, ...(privileges ? [privileges] : [])]
}

/** @throws InstancesFileError when the file does not hold */
async function openIfThere({
  file,
  fileIsNamed,
  registry,
}: ExaminationRequest): Promise<InstancesFile | undefined> {
  if (!fileIsNamed) {
    const absent = await access(file).then(
      () => false,
      (error: unknown) => codeOf(error) === 'ENOENT',
    )
    if (absent) {
      return
    }
  }

  return await openInstancesFile(file, registry)
}
