import type {Packages} from '../architectures/architecture.js'
import {HostError} from '../errors.js'
import type {BaseImage} from './base-image.js'
import {bareEnvironment} from './environment.js'
import {findProgram} from './programs.js'

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
export function createOverlayCommand({path, base, size}: Overlay): readonly [string, ...string[]] {
  return ['qemu-img', 'create', '-q', '-u', '-f', 'qcow2', '-F', 'qcow2', '-b', base.path, path, String(size)]
}

/** Makes an overlay. @throws HostError with what qemu-img says */
export async function createOverlay(overlay: Overlay, signal: AbortSignal): Promise<void> {
  const [program, ...options] = createOverlayCommand(overlay)
  const [file, {execa}] = await Promise.all([findProgram(program, packages), import('execa')])
  const {failed, shortMessage, stderr} = await execa(file, options, {
    cancelSignal: signal,
    // What it made is thrown away.
    killSignal: 'SIGKILL',
    reject: false,
    stdin: 'ignore',
    extendEnv: false,
    env: bareEnvironment(),
  })
  if (failed) {
    throw new HostError(`qemu-img could not make the overlay: ${stderr.trim() || shortMessage}`)
  }
}
