import type {Instance} from '../contract/instance.js'
import {checkImage} from '../disks/base-image.js'
import {VmrunError} from '../errors/errors.js'
import type {Problem} from '../instances/problem.js'
import {type Acceleration, runsHow} from '../qemu/accelerator/choose.js'
import {relaxationWarnings} from '../qemu/fence/sandbox.js'
import {portObstacle} from '../qemu/machine/ssh-port.js'
import {type CheckName, type Finding, isOfArchitecture, type Look} from './finding.js'

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

/** What is known of the host that an instance would run on. */
export interface KnownHost {
  readonly findings: readonly Finding[]
  /** Whether QEMU runs as another user than vmrun. */
  readonly otherUser: boolean
  /** The instance as it would run, with what the command line asks for. @throws UsageError when it would not */
  readonly asRun: (instance: Instance) => Promise<Instance>
  /** What would run the instance; undefined where there is no QEMU for it. @throws HostError as `chooseAccelerator` */
  readonly accelerate: (instance: Instance) => Promise<Acceleration | undefined>
  /** What is found of the sandbox with what the instance relaxes; undefined where no QEMU for it can be started. */
  readonly examineSandbox: (instance: Instance) => Promise<Finding | undefined>
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
  await attempt(() => checkImage(instance))
  problems.push(...(await hostObstacles(instance, host)))
  const acceleration = await attempt(() => host.accelerate(instance))
  const {name, relax, 'ssh-port': port} = instance
  const portError = port === undefined ? undefined : await portObstacle(port, host.otherUser)
  if (portError !== undefined) {
    problems.push(obstacleOf(portError, host))
  }

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

/** What was found of the host that keeps an instance from running. */
async function hostObstacles(instance: Instance, host: KnownHost): Promise<readonly Obstacle[]> {
  const {arch, relax} = instance
  const found = host.findings.filter(finding => keepsFromRunning(finding, arch))
  if (relax.length === 0) {
    return found.map(referring)
  }

  const sandbox = await host.examineSandbox(instance)
  return [
    ...found.filter(({check}) => !ofWholeProtection.has(check)).map(referring),
    ...(sandbox?.state === 'missing' ? [{message: sandbox.message, hint: sandbox.hint}] : []),
  ]
}

/** What is found by starting something with every protection. */
const ofWholeProtection: ReadonlySet<CheckName> = new Set(['no-new-privs', 'sandbox'])

/** What not every instance needs. Whether one does is found by doing with it what its run would. */
const ofSome: ReadonlySet<CheckName> = new Set(['accelerator', 'plugin'])

/** Whether what was found keeps all guests of an architecture from running. */
function keepsFromRunning(finding: Finding, arch: string): boolean {
  const {check, subject, state} = finding
  return state === 'missing' && !ofSome.has(check) && (!isOfArchitecture(finding) || subject === arch)
}

function referring({check, subject, message, hint}: Finding): Obstacle {
  return {message, hint, check, subject}
}

function obstacleOf(error: unknown, {findings}: KnownHost): Obstacle {
  if (!(error instanceof VmrunError)) {
    throw error
  }

  const {message, hint} = error
  const known = findings.find(finding => finding.message === message)
  return known === undefined ? {message, hint} : referring(known)
}
