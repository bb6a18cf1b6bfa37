import {jolietRoot, type PlacedFile, primaryRoot} from './directories.js'
import {SECTOR} from './fields.js'
import {checkNames} from './names.js'
import {pathTables, volumeDescriptors} from './volume-descriptors.js'

/** A file of the root directory. */
export interface IsoFile {
  /** At most 64 characters and 121 bytes of UTF-8, none of them a control character or one of `* / : ; ? \`. */
  readonly name: string
  /** Less than 4 GiB. */
  readonly content: Uint8Array
}

/** An image that is laid out, and written out as often as `chunks` is called. */
export interface IsoImage {
  /** In bytes; a multiple of 2,048. */
  readonly size: number
  /** The bytes of the image in order. The files' content is passed on as it is, never copied. */
  readonly chunks: () => Iterable<Uint8Array>
}

/**
 * Where everything lies, in sectors: after the system area (ECMA-119, 6.2.1) the volume descriptors, which must
 * start at sector 16 (6.7.1), then one sector for each path table and each root directory, then the files.
 */
const SYSTEM_AREA_SECTORS = 16
const PRIMARY_HIERARCHY = {pathTableL: 19, pathTableM: 20, root: 23}
const JOLIET_HIERARCHY = {pathTableL: 21, pathTableM: 22, root: 24}
const FIRST_FILE = 25

/**
 * Zeros behind the last file, in sectors; as many as mkisofs writes. Programs that look for a file system by its label
 * read up to 64 KiB and more into the device for the kinds that they know, and some, such as busybox's `findfs`, give
 * up on a device that ends before.
 */
const PADDING_SECTORS = 150

/** What fits the field and comes out of it as it went in: printable ASCII, no space at an end. */
const VOLUME_ID = /^[!-~](?:[ -~]{0,30}[!-~])?$/u

/**
 * An ISO 9660 image with Joliet and Rock Ridge and a root directory only. Its files are root's, mode 0400. Nothing
 * but the arguments decides a byte of it.
 *
 * Clauses cited in this folder: ECMA-119, 2nd edition (ISO 9660:1988); the Joliet Specification, May 22, 1995;
 * the System Use Sharing Protocol (SUSP) 1.10 and the Rock Ridge Interchange Protocol (RRIP) 1.10.
 *
 * @throws RangeError when the image cannot hold what is asked for; the message says where and what is wrong, and quotes
 *   nothing, as secrets may be in it
 */
export function isoImage(options: {
  /** The volume's label: 1 to 32 characters of printable ASCII. */
  readonly volumeId: string
  /** The files of the root directory; about a dozen fit. */
  readonly files: readonly IsoFile[]
  /** When the volume and everything in it was made and modified; a year from 1900 to 2155. */
  readonly modified: Date
}): IsoImage {
  const {volumeId, modified} = options
  checkVolumeId(volumeId)
  checkNames(options.files.map(file => file.name))
  const {files, sectors} = place(options.files)
  const beforeFiles = Buffer.concat([
    Buffer.alloc(SYSTEM_AREA_SECTORS * SECTOR),
    volumeDescriptors({id: volumeId, sectors, modified}, PRIMARY_HIERARCHY, JOLIET_HIERARCHY),
    pathTables(PRIMARY_HIERARCHY),
    pathTables(JOLIET_HIERARCHY),
    primaryRoot(PRIMARY_HIERARCHY.root, files, modified),
    jolietRoot(JOLIET_HIERARCHY.root, files, modified),
  ])
  return {size: sectors * SECTOR, chunks: () => imageChunks(beforeFiles, options.files)}
}

function checkVolumeId(volumeId: string): void {
  if (!VOLUME_ID.test(volumeId)) {
    throw new RangeError(
      'label: expected 1 to 32 characters of printable ASCII, without a space at either end',
    )
  }
}

function place(files: readonly IsoFile[]): {readonly files: readonly PlacedFile[]; readonly sectors: number} {
  const placed: PlacedFile[] = []
  let location = FIRST_FILE
  for (const {name, content} of files) {
    placed.push({name, location, size: content.length})
    location += fileSectors(content.length)
  }
  return {files: placed, sectors: location + PADDING_SECTORS}
}

/** How many sectors a file has. An empty one has a location of its own too, as readers may tell files apart by it. */
function fileSectors(size: number): number {
  return Math.max(1, Math.ceil(size / SECTOR))
}

function* imageChunks(beforeFiles: Buffer, files: readonly IsoFile[]): Generator<Uint8Array> {
  yield beforeFiles
  for (const {content} of files) {
    const padding = fileSectors(content.length) * SECTOR - content.length
    yield content
    yield Buffer.alloc(padding)
  }
  yield Buffer.alloc(PADDING_SECTORS * SECTOR)
}
