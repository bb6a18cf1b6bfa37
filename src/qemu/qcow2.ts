import {constants} from 'node:fs'
import {type FileHandle, open} from 'node:fs/promises'
import {HostError} from '../errors.js'
import {codeOf, messageOf} from '../thrown.js'

/** What the header of a qcow2 image tells. */
export interface Qcow2Header {
  /** What the guest sees, in bytes. */
  readonly virtualSize: number
  /** Whether the image reads other files: a backing file, or an external data file. */
  readonly readsOtherFiles: boolean
  readonly encrypted: boolean
}

/** "QFI\xfb" */
const magic = 0x51_46_49_fb
/** Version 1 is another format, with the same magic. */
const versions = new Set([2, 3])
/** Length of the part of the header that is read, in bytes: up to the incompatible features of version 3. */
const headerLength = 80
/** Incompatible feature bit 2. */
const externalDataFile = 0x04n

/**
 * Reads the header of a qcow2 image (QEMU, docs/interop/qcow2.txt). It opens this one file and follows nothing that
 * the file says.
 *
 * @throws HostError when the file cannot be read or is no qcow2 image
 */
export async function readQcow2Header(image: string): Promise<Qcow2Header> {
  const header = await readStart(image)
  const version =
    header.length < headerLength || header.readUInt32BE(0) !== magic ? 0 : header.readUInt32BE(4)
  if (!versions.has(version)) {
    throw new HostError(`the image ${image} is not qcow2`, {
      hint: 'Convert it: qemu-img convert -O qcow2 IMAGE NEW-IMAGE',
    })
  }

  const features = version >= 3 ? header.readBigUInt64BE(72) : 0n
  return {
    virtualSize: Number(header.readBigUInt64BE(24)),
    readsOtherFiles: header.readBigUInt64BE(8) !== 0n || (features & externalDataFile) !== 0n,
    encrypted: header.readUInt32BE(32) !== 0,
  }
}

async function readStart(image: string): Promise<Buffer> {
  let file: FileHandle | undefined
  try {
    // Not to wait for a writer where the path is a pipe.
    file = await open(image, constants.O_RDONLY | constants.O_NONBLOCK)
    if (!(await file.stat()).isFile()) {
      throw new HostError(`the image ${image} is not a file`)
    }

    const {buffer, bytesRead} = await file.read(Buffer.alloc(headerLength), 0, headerLength, 0)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    throw error instanceof HostError ? error : unreadable(image, error)
  } finally {
    await file?.close()
  }
}

function unreadable(image: string, error: unknown): HostError {
  return codeOf(error) === 'ENOENT'
    ? new HostError(`the image ${image} does not exist`, {
        hint: 'The path of an image is relative to the instances file.',
        cause: error,
      })
    : new HostError(`the image ${image} cannot be read: ${messageOf(error)}`, {
        cause: error,
      })
}
