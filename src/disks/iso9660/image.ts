import {jolietRoot, type PlacedFile, primaryRoot} from './directories.js'
import {SECTOR} from './fields.js'
import {checkFileNames} from './names.js'
import {pathTables, volumeDescriptors} from './volume-descriptors.js'

/** What is in an image: of a volume, its label and the files of its root directory. */
export interface IsoVolume {
  /** 1 to 32 characters of printable ASCII. */
  readonly label: string
  /**
   * About a dozen fit, each of less than 4 GiB. A name has at most 64 characters and 121 bytes of UTF-8, none of them a control
   * character or one of `* / : ; ? \`.
   */
  readonly files: ReadonlyArray<{readonly name: string; readonly content: Uint8Array}>
}

/** An image that is laid out. */
export interface IsoImage {
  /** In bytes; a multiple of 2,048. */
  readonly size: number
  /** The bytes of the image in order. A file's content is passed on as it is, never copied. */
  readonly chunks: Iterable<Uint8Array>
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
 * @param modified when the volume and everything in it was made and modified; a year from 1900 to 2155
 * @throws RangeError when the image cannot hold what is asked for; the message says where and what is wrong, and quotes
 *   nothing, as secrets may be in it
 */
export function isoImage({label, files}: IsoVolume, modified: Date): IsoImage {
  if (!VOLUME_ID.test(label)) {
    throw new RangeError(
      'label: expected 1 to 32 characters of printable ASCII, without a space at either end',
    )
  }

  checkFileNames(files.map(file => file.name))
  const placed: PlacedFile[] = []
  const contents: Uint8Array[] = []
  let sectors = FIRST_FILE
  for (const {name, content} of files) {
    // An empty one has a location of its own too, as readers may tell files apart by it.
    const size = Math.max(1, Math.ceil(content.length / SECTOR))
    placed.push({name, location: sectors, size: content.length})
    contents.push(content, Buffer.alloc(size * SECTOR - content.length))
    sectors += size
  }

  sectors += PADDING_SECTORS
  const chunks = [
    Buffer.alloc(SYSTEM_AREA_SECTORS * SECTOR),
    volumeDescriptors({id: label, sectors, modified}, PRIMARY_HIERARCHY, JOLIET_HIERARCHY),
    pathTables(PRIMARY_HIERARCHY),
    pathTables(JOLIET_HIERARCHY),
    primaryRoot(PRIMARY_HIERARCHY.root, placed, modified),
    jolietRoot(JOLIET_HIERARCHY.root, placed, modified),
    ...contents,
    Buffer.alloc(PADDING_SECTORS * SECTOR),
  ]
  return {size: sectors * SECTOR, chunks}
}
