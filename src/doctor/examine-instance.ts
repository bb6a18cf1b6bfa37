import type {Instance} from '../contract/instance.js'
import {checkImage} from '../disks/base-image.js'
import {VmrunError} from '../errors/errors.js'
import type {Problem} from '../instances/problem.js'
import type {Acceleration} from '../qemu/accelerator/choose.js'
import {runsHow} from '../qemu/accelerator/name.js'
import {relaxationWarnings} from '../qemu/fence/sandbox.js'
import {portObstacle} from '../qemu/machine/ssh-port.js'
import {type CheckName, type Finding, isOfArchitecture} from './finding.js'
import type {KnownHost} from './known-host.js'

/** Whether an instance could run. */
export interface InstanceFinding {
  readonly name: string
  readonly state: 'good' | 'missing'
  readonly message: string
  /** What would run it; absent where that is not known. */
  readonly accelerator?: Acceleration['accelerator']
  /** Why it could not run. */
  readonly problems: readonly InstanceProblem[]
}

/** One reason why an instance could not run. */
interface InstanceProblem {
  readonly message: string
  /** What to do about it. */
  readonly hint?: string | undefined
  /** With `subject`: the finding that says so of the host, where there is one. */
  readonly check?: CheckName
  readonly subject?: string
}

/** Finds out whether an instance could run. Starts no guest. */
export async function examineInstance(inFile: Instance, host: KnownHost): Promise<InstanceFinding> {
  const problems: InstanceProblem[] = []
  const attempt = async <Result>(check: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await check()
    } catch (error) {
      problems.push(problemOf(error, host))
      return
    }
  }

  const instance = (await attempt(() => host.asRun(inFile))) ?? inFile
  await attempt(() => checkImage(instance))
  problems.push(...(await hostProblems(instance, host)))
  const acceleration = await attempt(() => host.accelerate(instance))
  await attempt(() => checkPort(instance, host))
  const {name} = instance
  return problems.length === 0
    ? {
        ...{name, state: 'good', message: howItRuns(instance, acceleration)},
        ...(acceleration && {accelerator: acceleration.accelerator}),
        problems,
      }
    : {name, state: 'missing', message: 'could not run', problems}
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

function howItRuns({relax}: Instance, acceleration: Acceleration | undefined): string {
  const how = acceleration ? `could run, ${runsHow(acceleration.accelerator)}` : 'could run'
  return [how, ...relaxationWarnings(relax)].join('. ')
}

/** What was found of the host that keeps an instance from running. */
async function hostProblems(instance: Instance, host: KnownHost): Promise<readonly InstanceProblem[]> {
  const {arch, relax} = instance
  const obstacles = host.findings.filter(finding => isObstacle(finding, arch))
  if (relax.length === 0) {
    return obstacles.map(referring)
  }

  const sandbox = await host.examineSandbox(instance)
  return [
    ...obstacles.filter(({check}) => !ofWholeProtection.has(check)).map(referring),
    ...(sandbox?.state === 'missing' ? [{message: sandbox.message, hint: sandbox.hint}] : []),
  ]
}

/** What is found by starting something with every protection. */
const ofWholeProtection: ReadonlySet<CheckName> = new Set(['no-new-privs', 'sandbox'])

/** What not every instance needs. Whether one does is found by doing with it what its run would. */
const ofSome: ReadonlySet<CheckName> = new Set(['accelerator', 'plugin'])

/** Whether what was found keeps all guests of an architecture from running. */
function isObstacle(finding: Finding, arch: string): boolean {
  const {check, subject, state} = finding
  return state === 'missing' && !ofSome.has(check) && (!isOfArchitecture(finding) || subject === arch)
}

function referring({check, subject, message, hint}: Finding): InstanceProblem {
  return {message, hint, check, subject}
}

async function checkPort({'ssh-port': port}: Instance, {otherUser}: KnownHost): Promise<void> {
  const obstacle = port === undefined ? undefined : await portObstacle(port, otherUser)
  if (obstacle !== undefined) {
    throw obstacle
  }
}

function problemOf(error: unknown, {findings}: KnownHost): InstanceProblem {
  if (!(error instanceof VmrunError)) {
    throw error
  }

  const {message, hint} = error
  const known = findings.find(finding => finding.message === message)
  return known === undefined ? {message, hint} : referring(known)
}
