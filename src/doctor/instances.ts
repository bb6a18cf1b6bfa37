import type {Architecture} from '../contract/architecture.js'
import type {Instance} from '../contract/instance.js'
import {checkImage} from '../disks/base-image.js'
import {ownError} from '../errors/errors.js'
import type {Problem} from '../instances/problem.js'
import {type Acceleration, runsHow} from '../qemu/accelerator/choose.js'
import {confinement} from '../qemu/fence/confine.js'
import {relaxationWarnings} from '../qemu/fence/sandbox.js'
import {portObstacle} from '../qemu/machine/ssh-port.js'
import type {Accelerate} from './acceleration.js'
import {type CheckName, type Finding, isOfArchitecture, type Look} from './finding.js'
import {type ExaminedUser, examineSandbox} from './protection.js'

/** Whether an instance could run. */
export interface InstanceFinding {
  readonly name: string
  readonly state: 'good' | 'missing'
  readonly message: string
  /** What would run it; absent where that is not known. */
  readonly accelerator?: Acceleration['accelerator']
  /** Why it could not run. */
  readonly problems: readonly Obstacle[]
}

/** One reason why an instance could not run; with `check` and `subject` of the finding that says so of the host, if any. */
interface Obstacle extends Partial<Look>, Pick<Finding, 'message' | 'hint'> {}

/** What this host has for the guests of an architecture. */
export interface ExaminedArchitecture {
  readonly architecture: Architecture
  readonly findings: ReadonlyArray<Finding | undefined>
  /** Its QEMU, where it can be used. */
  readonly program: string | undefined
}

/** What is known of the host that an instance would run on. */
export interface KnownHost extends Pick<ExaminedUser, 'user' | 'confine'> {
  readonly findings: readonly Finding[]
  readonly guests: readonly ExaminedArchitecture[]
  readonly accelerate: Accelerate
  /** The instance as it would run, with what the command line asks for. @throws UsageError when it would not */
  readonly asRun: (instance: Instance) => Promise<Instance>
}

/** Finds out whether an instance could run. Starts no guest. */
export async function examineInstance(inFile: Instance, host: KnownHost): Promise<InstanceFinding> {
  const problems: Obstacle[] = []
  const attempt = async <Result>(check: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await check()
    } catch (error) {
      problems.push(obstacleOf(error, host))
      return
    }
  }

  const instance = (await attempt(() => host.asRun(inFile))) ?? inFile
  const {name, arch, relax, 'ssh-port': port} = instance
  const {architecture, program} = host.guests.find(guest => guest.architecture.name === arch) ?? {}
  await attempt(() => checkImage(instance))
  problems.push(...host.findings.filter(finding => keepsFromRunning(finding, instance)).map(referring))
  if (relax.length > 0 && host.confine && architecture && program) {
    const confine = await confinement({user: host.user, newPrivileges: relax.includes('no-new-privs')})
    const {state, message, hint} = await examineSandbox(architecture, program, confine, relax)
    problems.push(...(state === 'missing' ? [{message, hint}] : []))
  }

  const acceleration =
    architecture &&
    program &&
    (await attempt(() => host.accelerate(architecture, program, instance.accelerator)))
  const portError = port === undefined ? undefined : await portObstacle(port, host.user !== undefined)
  problems.push(...(portError ? [obstacleOf(portError, host)] : []))
  if (problems.length > 0) {
    return {name, state: 'missing', message: 'could not run', problems}
  }

  const how = acceleration ? `could run, ${runsHow(acceleration.accelerator)}` : 'could run'
  const message = [how, ...relaxationWarnings(relax)].join('. ')
  return {
    ...{name, state: 'good', message, problems},
    ...(acceleration && {accelerator: acceleration.accelerator}),
  }
}

/** What is wrong with instances of a file that holds: only a plugin which failed may understand them, and their runs are refused. */
export function doubtfulInstances(problems: readonly Problem[]): readonly InstanceFinding[] {
  const doubtful = problems.filter(({severity, instance}) => severity === 'error' && instance !== undefined)
  const names = new Set(doubtful.map(({instance = ''}) => instance))
  return Array.from(names, name => ({
    ...{name, state: 'missing', message: 'could not run'},
    problems: doubtful.filter(({instance}) => instance === name).map(({message, hint}) => ({message, hint})),
  }))
}

/** What not every instance needs. Whether one does is found by doing with it what its run would. */
const ofSome: ReadonlySet<CheckName> = new Set(['accelerator', 'plugin'])

/** What is found by starting something with every protection. */
const ofWholeProtection: ReadonlySet<CheckName> = new Set(['no-new-privs', 'sandbox'])

/** Whether what was found of the host keeps an instance from running. */
function keepsFromRunning(finding: Finding, {arch, relax}: Instance): boolean {
  const {check, subject, state} = finding
  const isOfOther = isOfArchitecture(finding) && subject !== arch
  const isRelaxed = relax.length > 0 && ofWholeProtection.has(check)
  return state === 'missing' && !ofSome.has(check) && !isOfOther && !isRelaxed
}

function referring({check, subject, message, hint}: Finding): Obstacle {
  return {message, hint, check, subject}
}

function obstacleOf(error: unknown, {findings}: KnownHost): Obstacle {
  const {message, hint} = ownError(error)
  const known = findings.find(finding => finding.message === message)
  return known === undefined ? {message, hint} : referring(known)
}
