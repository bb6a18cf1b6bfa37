import type {FileHandle} from 'node:fs/promises'
import type {Packages} from '../../contract.js'
import {HostError} from '../../errors.js'
import {resourceHint} from '../../host/resource-hint.js'
import {type Command, confinement} from '../confinement/confine.js'
import {callProgram, givenFile} from '../programs/call-program.js'
import {findProgram} from '../programs/find-program.js'
import type {BaseImage} from './base-image.js'

const packages: Packages = {debian: 'qemu-utils', fedora: 'qemu-img', arch: 'qemu-img', homebrew: 'qemu'}

/** A copy-on-write image on a base image. */
export interface Overlay {
  readonly path: string
  readonly base: BaseImage
  /** In bytes. */
  readonly size: number
}

/**
 * The command that makes an overlay. The formats are named and never probed, and the base image is not opened at all
 * (`-u`): qemu-img has no sandbox.
 */
export function createOverlayCommand({path, base, size}: Overlay): Command {
  return ['qemu-img', 'create', '-q', '-u', '-f', 'qcow2', '-F', 'qcow2', '-b', base.path, path, String(size)]
}

/** Finds qemu-img. @throws HostError that names the package to install */
export async function findQemuImg(): Promise<string> {
  return await findProgram('qemu-img', packages)
}

/** Makes an overlay in an open file. @throws HostError with what qemu-img says */
export async function createOverlay(
  overlay: Omit<Overlay, 'path'>,
  file: FileHandle,
  signal: AbortSignal,
): Promise<void> {
  const [, ...options] = createOverlayCommand({...overlay, path: givenFile})
  const [program, confine] = await Promise.all([findQemuImg(), confinement()])
  const {failure, stderr, cause} = await callProgram({command: confine([program, ...options]), file, signal})
  if (failure !== undefined) {
    throw new HostError(`qemu-img could not make the overlay: ${stderr.trim() || failure}`, {
      hint: resourceHint(cause),
    })
  }
}
