import {access} from 'node:fs/promises'
import {examineCoreDumps} from '../doctor/core-dumps.js'
import {checkNames, type Finding} from '../doctor/finding.js'
import {examineLimits, type MemoryDemand, memoryFinding} from '../doctor/limits.js'
import {examineParentDeath} from '../doctor/parent-death.js'
import {examinePrivileges} from '../doctor/privileges.js'
import {examineQemuImg} from '../doctor/programs.js'
import {examineStateDirectory} from '../doctor/state-directory.js'
import {examineUser, type FoundUser} from '../doctor/user.js'
import {examineWorkDirectory} from '../doctor/work-directory.js'
import type {Instance} from '../instances/instance.js'
import type {InstancesFile} from '../instances/instances-file.js'
import type {Problem} from '../instances/problem.js'
import {sizeInBytes} from '../instances/size.js'
import type {Registry} from '../plugins/registry.js'
import {ProgramCache} from '../qemu/programs/program-cache.js'
import {codeOf} from '../thrown.js'
import {accelerations} from './accelerations.js'
import {examineArchitecture} from './examine-architecture.js'
import {examineInstance, type InstanceFinding, type KnownHost} from './examine-instance.js'
import {openFile} from './open-file.js'

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
 * left behind but what is remembered of programs.
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
  const parentDeath = await examineParentDeath(
    guests.flatMap(({program}) => (program === undefined ? [] : [program])),
    cache,
  )
  const findings = [
    ...guests.flatMap(guest => guest.findings),
    ...[...others, user.finding, work.finding, parentDeath],
    memoryFinding(process.availableMemory(), largestOf(instances)),
  ].toSorted((one, other) => checkNames.indexOf(one.check) - checkNames.indexOf(other.check))
  const host: KnownHost = {
    ...{registry, findings, otherUser: user.user !== undefined},
    accelerate: async ({arch, accelerator}) => {
      const guest = guests.find(({architecture}) => architecture.name === arch)
      return guest?.program === undefined
        ? undefined
        : await accelerate(guest.architecture, guest.program, accelerator)
    },
  }
  return {
    report: {
      findings,
      file: opened?.path ?? null,
      instances: await Promise.all(instances.map(instance => examineInstance(instance, host))),
    },
    warnings: opened?.problems ?? [],
  }
}

/** What depends neither on an architecture nor on the instances. */
async function examineOthers(
  {confine}: FoundUser,
  environment: NodeJS.ProcessEnv,
): Promise<readonly Finding[]> {
  const [qemuImg, coreDumps, state, limits, privileges] = await Promise.all([
    examineQemuImg(),
    examineCoreDumps(),
    examineStateDirectory(environment),
    examineLimits(),
    confine && examinePrivileges(confine),
  ])
  return [qemuImg.finding, coreDumps, state, ...limits, ...(privileges ? [privileges] : [])]
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

  return await openFile(file, registry)
}

function largestOf(instances: readonly Instance[]): MemoryDemand | undefined {
  return instances
    .map(({name, ram}) => ({instance: name, ram, bytes: sizeInBytes(ram)}))
    .toSorted((one, other) => other.bytes - one.bytes)[0]
}
