import {foreignFormat, tellingLength} from './foreign-format.js'
import type {ImageFile} from './layers.js'
import {readBytes} from './open-file.js'
import {checkReadable, newer, truncated} from './qcow2-checks.js'
import {parseQcow2Header, qcowVersion} from './qcow2-header.js'
import {type NamedFiles, namedFiles} from './qcow2-names.js'
import {checkTables} from './qcow2-tables.js'

/** A qcow2 image that QEMU can read. */
export interface Qcow2Image {
  /** What the guest sees, in bytes. */
  readonly virtualSize: number
  readonly names: NamedFiles
}

/**
 * Reads what a qcow2 image says of itself. It reads this one file and follows nothing that the file says.
 *
 * @param signal gives up
 * @throws as `imageError` when it is no qcow2 image, or QEMU could not read it, or would read nonsense
 */
export async function readQcow2(file: ImageFile, signal?: AbortSignal): Promise<Qcow2Image> {
  const {path} = file
  const start = await readBytes(file, 0, tellingLength)
  const version = qcowVersion(start)
  if (version === undefined || version < 2) {
    throw foreignFormat(path, start)
  }

  if (version > 3) {
    throw newer(path, `it is of version ${version} of the format`)
  }

  const header = parseQcow2Header(start)
  if (header === undefined) {
    throw truncated(path, 'its header is cut off')
  }

  checkReadable(path, header)
  await checkTables(file, header, signal)
  const cluster = await readBytes(file, 0, 2 ** header.clusterBits)
  return {virtualSize: Number(header.virtualSize), names: namedFiles(path, header, cluster)}
}
