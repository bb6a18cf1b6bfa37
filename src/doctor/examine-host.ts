import {access} from 'node:fs/promises'
import type {Architecture} from '../contract/architecture.js'
import type {Instance} from '../contract/instance.js'
import {codeOf} from '../errors/errors.js'
import {forbidCoreDumps} from '../host/core-dumps.js'
import type {InstancesFile} from '../instances/instances-file.js'
import {resolvePlaceholders} from '../instances/placeholders/placeholders.js'
import type {Problem} from '../instances/problem.js'
import {type Overrides, overrideInstance} from '../launch/prepare-run.js'
import type {Registry} from '../plugins/registry.js'
import {ProbeCache} from '../qemu/accelerator/probe-cache.js'
import type {Confine} from '../qemu/fence/confine.js'
import {openInstancesFile, partsOf} from '../validation/open-instance.js'
import {type Accelerate, accelerations, examineAcceleration} from './acceleration.js'
import {examineStateDirectory, examineWorkDirectory} from './directories.js'
import {checkNames, type Finding} from './finding.js'
import {
  doubtfulInstances,
  type ExaminedArchitecture,
  examineInstance,
  type InstanceFinding,
  type KnownHost,
} from './instances.js'
import {examineLimits, memoryFinding} from './limits.js'
import {examinePlugins} from './plugins.js'
import {examineFirmware, examineQemu} from './programs.js'
import {
  coreDumpsFinding,
  examineEndOfVmrun,
  examinePrivileges,
  examineSandbox,
  examineUser,
} from './protection.js'

/** What is to be examined. */
export interface ExaminationRequest {
  readonly registry: Registry
  /** The instances file. */
  readonly file: string
  /** Whether somebody named the file, so that it has to be there. */
  readonly fileIsNamed: boolean
  /** This and the next two: as on the command line of `run`. */
  readonly workDir: string | undefined
  readonly user: string | undefined
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
  const {registry, environment} = request
  const {path = null, instances = [], problems = []} = (await openIfThere(request)) ?? {}
  const [{finding: userFinding, user, confine}, work] = await Promise.all([
    examineUser(request.user),
    examineWorkDirectory(request.workDir, environment),
  ])
  const cache = new ProbeCache(request.cacheDirectory)
  const workDirectory = work.state === 'missing' ? undefined : work.subject
  const accelerate = await accelerations(cache, {user, confine}, workDirectory)
  const [guests, state, limits, privileges, coreDumps] = await Promise.all([
    Promise.all(registry.architectures.map(one => examineArchitecture(one, confine, accelerate))),
    examineStateDirectory(environment),
    examineLimits(),
    confine && examinePrivileges(confine),
    forbidCoreDumps().then(coreDumpsFinding),
  ])
  const endOfVmrun = await examineEndOfVmrun(guests.flatMap(({program}) => program ?? []))
  const findings = [
    ...guests.flatMap(guest => guest.findings),
    ...[userFinding, work, state, ...limits, privileges, coreDumps, endOfVmrun],
    memoryFinding(process.availableMemory(), instances),
    ...examinePlugins(registry),
  ]
    .filter(finding => finding !== undefined)
    .toSorted((one, other) => checkNames.indexOf(one.check) - checkNames.indexOf(other.check))
  const asRun = async (instance: Instance): Promise<Instance> => {
    partsOf(instance, registry)
    // Nobody is asked: it is enough that somebody knows them.
    const unasked = Array.from(registry.placeholders.keys(), name => [name, async () => ''] as const)
    await resolvePlaceholders(instance, new Map(unasked), name => registry.doubtOfPlaceholder(name))
    return overrideInstance(instance, request.overrides)
  }
  const host: KnownHost = {findings, guests, user, confine, accelerate, asRun}
  const examined = await Promise.all(instances.map(instance => examineInstance(instance, host)))
  const report = {findings, file: path, instances: [...examined, ...doubtfulInstances(problems)]}
  return {report, warnings: problems}
}

/** @param confine how QEMU is started; undefined where it cannot be */
export async function examineArchitecture(
  architecture: Architecture,
  confine: Confine | undefined,
  accelerate: Accelerate,
): Promise<ExaminedArchitecture> {
  const [qemu, firmware] = await Promise.all([examineQemu(architecture), examineFirmware(architecture)])
  const program = qemu.state === 'good' ? qemu.path : undefined
  const further =
    program === undefined
      ? []
      : await Promise.all([
          examineAcceleration(architecture, program, accelerate),
          confine && examineSandbox(architecture, program, confine),
        ])
  return {architecture, findings: [qemu, firmware, ...further], program}
}

/** @throws InstancesFileError when the file does not hold */
async function openIfThere({
  file,
  fileIsNamed,
  registry,
}: ExaminationRequest): Promise<InstancesFile | undefined> {
  const error: unknown = fileIsNamed ? undefined : await access(file).catch((thrown: unknown) => thrown)
  return codeOf(error) === 'ENOENT' ? undefined : await openInstancesFile(file, registry)
}
