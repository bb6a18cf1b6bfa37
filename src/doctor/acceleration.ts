import {randomBytes} from 'node:crypto'
import {machine as hostMachine} from 'node:os'
import type {Architecture} from '../contract/architecture.js'
import {makeWorkFile} from '../host/work-directory.js'
import {
  type Acceleration,
  type AccelerationOptions,
  chooseAccelerator,
  withKvmGroup,
} from '../qemu/accelerator/choose.js'
import type {ProbeCache} from '../qemu/accelerator/probe-cache.js'
import {confinement} from '../qemu/fence/confine.js'
import {capitalized} from '../text/capitalized.js'
import {type Finding, lookAt} from './finding.js'
import type {ExaminedUser} from './protection.js'

/** Chooses the accelerator as a run does. @throws HostError as `chooseAccelerator` */
export type Accelerate = (
  architecture: Architecture,
  program: string,
  asked: AccelerationOptions['asked'],
) => Promise<Acceleration>

/**
 * Chooses accelerators, each of them once: what is not certain is not remembered otherwise, and takes its time.
 *
 * @param workDirectory without one, or a way to start QEMU, nothing is measured
 */
export async function accelerations(
  cache: ProbeCache,
  {user, confine}: Pick<ExaminedUser, 'user' | 'confine'>,
  workDirectory: string | undefined,
): Promise<Accelerate> {
  const probing = workDirectory !== undefined &&
    confine !== undefined && {
      confine: await confinement({user: await withKvmGroup(user)}),
      makeFile: () => makeWorkFile(workDirectory, randomBytes(6).toString('hex')),
      signal: new AbortController().signal,
    }
  const known = new Map<string, Promise<Acceleration>>()
  return async (architecture, program, asked) => {
    const key = JSON.stringify([architecture.name, asked])
    const chosen =
      known.get(key) ??
      chooseAccelerator({asked, architecture, program, cache, user, ...(probing && {probing})})
    known.set(key, chosen)
    return await chosen
  }
}

/** Looks at the accelerator that `auto` chooses for an architecture. */
export async function examineAcceleration(
  architecture: Architecture,
  program: string,
  accelerate: Accelerate,
): Promise<Finding> {
  return await lookAt({check: 'accelerator', subject: architecture.name}, async () => {
    const {accelerator, reason, milliseconds, unmeasured} = await accelerate(architecture, program, 'auto')
    const measured = milliseconds === undefined ? '' : `, measured in ${milliseconds} ms`
    const figures = {accelerator, ...(milliseconds !== undefined && {milliseconds})}
    if (accelerator === 'tcg') {
      const why = reason === undefined ? '' : `. ${capitalized(reason)}${measured}`
      const message = `emulated: slower, and no security boundary${why}`
      const isOwn = architecture.hosts.includes(hostMachine())
      return {...figures, state: 'poor', message, ...(isOwn && {hint: repair})}
    }

    const name = accelerator.toUpperCase()
    return unmeasured
      ? {...figures, state: 'poor', message: `${name}, but whether it works could not be measured`}
      : {...figures, state: 'good', message: `${name} works${measured}`}
  })
}

const repair = [
  'Switch virtualization on in the firmware of this host; where it is a virtual machine itself, nested virtualization.',
  'Let the user that QEMU runs as open /dev/kvm: put it into the group kvm.',
  'Do not run guests that you do not trust without KVM: see --require-kvm.',
].join('\n')
