import type {Finding} from '../doctor/finding.js'
import {VmrunError} from '../errors.js'
import type {Instance} from '../instances/instance.js'
import {sizeInBytes} from '../instances/size.js'
import type {Registry} from '../plugins/registry.js'
import type {Acceleration} from '../qemu/accelerator/choose.js'
import {overlaySize, readBaseImage} from '../qemu/image/base-image.js'
import {portObstacle} from '../qemu/machine/forwarding-failure.js'
import {partsOf} from './open-instance.js'

/** Whether an instance could run. */
export interface InstanceFinding {
  readonly name: string
  readonly state: 'good' | 'missing'
  readonly text: string
  /** Why it could not run. */
  readonly problems: ReadonlyArray<{readonly text: string; readonly advice?: string | undefined}>
}

/** What is known of the host that an instance would run on. */
export interface KnownHost {
  readonly registry: Registry
  readonly findings: readonly Finding[]
  /** Whether QEMU runs as another user than vmrun. */
  readonly otherUser: boolean
  /** What would run the instance; undefined where there is no QEMU for it. @throws HostError as `chooseAccelerator` */
  readonly accelerate: (instance: Instance) => Promise<Acceleration | undefined>
}

const names = {kvm: 'on KVM', hvf: 'on HVF', tcg: 'emulated'} as const

/** Finds out whether an instance could run. Starts nothing. */
export async function examineInstance(instance: Instance, host: KnownHost): Promise<InstanceFinding> {
  const {name, arch} = instance
  const obstacles = host.findings.filter(finding => isObstacle(finding, arch))
  const problems: InstanceFinding['problems'][number][] = []
  const attempt = async <Result>(check: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await check()
    } catch (error) {
      problems.push(problemOf(error))
      return
    }
  }

  await attempt(async () => partsOf(instance, host.registry))
  await attempt(() => checkImage(instance))
  problems.push(...obstacles.map(({text, advice}) => ({text, advice})))
  const acceleration = await attempt(() => host.accelerate(instance))
  await attempt(() => checkPort(instance, host))
  return problems.length === 0
    ? {
        name,
        state: 'good',
        text: `could run${acceleration ? `, ${names[acceleration.accelerator]}` : ''}`,
        problems,
      }
    : {name, state: 'missing', text: 'could not run', problems}
}

const ofEachArchitecture: ReadonlySet<string> = new Set(['qemu', 'firmware', 'accelerator', 'sandbox'])

/** Whether what was found keeps guests of an architecture from running. */
function isObstacle({check, subject, state}: Finding, arch: string): boolean {
  return state === 'missing' && (!ofEachArchitecture.has(check) || subject === arch)
}

async function checkImage({image, 'backing-files': files, 'root-disk': text}: Instance): Promise<void> {
  const base = await readBaseImage(image, files)
  overlaySize(base, text === undefined ? undefined : {text, bytes: sizeInBytes(text)})
}

async function checkPort({'ssh-port': port}: Instance, {otherUser}: KnownHost): Promise<void> {
  const obstacle = port === undefined ? undefined : await portObstacle(port, otherUser)
  if (obstacle !== undefined) {
    throw obstacle
  }
}

function problemOf(error: unknown): InstanceFinding['problems'][number] {
  if (!(error instanceof VmrunError)) {
    throw error
  }

  return {text: error.message, advice: error.hint}
}
