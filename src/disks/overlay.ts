import type {FileHandle} from 'node:fs/promises'
import {HostError} from '../errors/errors.js'
import {messageOf} from '../errors/thrown.js'
import {resourceHint} from '../host/resource-hint.js'
import {otherWorkDirectory} from '../host/work-directory.js'
import type {Command} from '../qemu/fence/confine.js'
import type {BaseImage} from './base-image.js'
import {emptyQcow2} from './empty-qcow2.js'

/** A copy-on-write image on a base image. */
export interface Overlay {
  readonly path: string
  readonly base: BaseImage
  /** In bytes. */
  readonly size: number
}

/**
 * The command that makes an overlay by hand. The formats are named and never probed, and the base image is not opened at
 * all (`-u`): qemu-img has no sandbox.
 */
export function createOverlayCommand({path, base, size}: Overlay): Command {
  return ['qemu-img', 'create', '-q', '-u', '-f', 'qcow2', '-F', 'qcow2', '-b', base.path, path, String(size)]
}

/**
 * Makes an overlay in an open, empty file. It names no backing file: QEMU is told of it when it opens the overlay.
 *
 * @param size in bytes
 * @throws HostError
 */
export async function writeOverlay(file: FileHandle, size: number): Promise<void> {
  const {parts, length} = emptyQcow2(size)
  try {
    for (const {offset, content} of parts) {
      await file.write(content, 0, content.length, offset)
    }

    await file.truncate(length)
  } catch (error) {
    throw new HostError(`cannot write the overlay: ${messageOf(error)}`, {
      hint: resourceHint(error, otherWorkDirectory),
      cause: error,
    })
  }
}
