import {randomBytes} from 'node:crypto'
import type {Architecture} from '../contract/architecture.js'
import {HostError} from '../errors/errors.js'
import {messageOf} from '../errors/thrown.js'
import {pathIn} from '../host/path-in.js'
import {resourceHint} from '../host/resource-hint.js'
import {draftName, openUnnamed, type UnnamedFile} from '../host/unnamed-file.js'
import {otherWorkDirectory} from '../host/work-directory.js'
import {type Acceleration, type AccelerationOptions, chooseAccelerator} from '../qemu/accelerator/choose.js'
import {withKvmGroup} from '../qemu/accelerator/kvm-device.js'
import {confinement} from '../qemu/fence/confine.js'
import type {ProgramCache} from '../qemu/programs/program-cache.js'
import type {FoundUser} from './user.js'

/** Chooses the accelerator as a run does. @throws HostError as `chooseAccelerator` */
export type Accelerate = (
  architecture: Architecture,
  program: string,
  asked: AccelerationOptions['asked'],
) => Promise<Acceleration>

/** What measuring an accelerator needs. */
export interface Measuring {
  readonly cache: ProgramCache
  readonly user: FoundUser
  /** Without it, nothing is measured. */
  readonly workDirectory: string | undefined
}

/** Chooses accelerators, each of them once: what is not certain is not remembered otherwise, and takes its time. */
export async function accelerations({cache, user, workDirectory}: Measuring): Promise<Accelerate> {
  const probing =
    workDirectory === undefined || user.confine === undefined
      ? undefined
      : {
          confine: await confinement({user: await withKvmGroup(user.user)}),
          makeFile: () => makeFile(workDirectory),
          signal: new AbortController().signal,
        }
  const known = new Map<string, Promise<Acceleration>>()
  return async (architecture, program, asked) => {
    const key = JSON.stringify([architecture.name, asked])
    const chosen =
      known.get(key) ??
      chooseAccelerator({asked, architecture, program, cache, user: user.user, ...(probing && {probing})})
    known.set(key, chosen)
    return await chosen
  }
}

/** @throws HostError */
async function makeFile(directory: string): Promise<UnnamedFile> {
  try {
    const name = draftName(randomBytes(6).toString('hex'))
    return await openUnnamed(directory, pathIn(directory, name))
  } catch (error) {
    throw new HostError(`cannot make a file in the work directory ${directory}: ${messageOf(error)}`, {
      hint: resourceHint(error, otherWorkDirectory),
      cause: error,
    })
  }
}
