import {stat} from 'node:fs/promises'
import {basename, dirname} from 'node:path'
import {pathIn} from '../host/path-in.js'
import {HiddenFileError, type ImageFile, type ImageLayer, imageError, openImageFile} from './image-file.js'
import {type BackingFile, type Qcow2Image, readQcow2} from './qcow2.js'
import {checkTables} from './qcow2-tables.js'

/** An image that names a file: its path, and the directory to which the name is relative. */
interface Namer {
  readonly path: string
  readonly directory: string
}

const conversion = 'qemu-img convert -f qcow2 -O qcow2 IMAGE NEW-IMAGE'

/** How to do without further files: the conversion reads them all, so the new image holds whatever is in them. */
const standAlone = `If you trust whoever made it, make it stand alone: ${conversion}`

/** How a base image is looked at. */
export interface ChainOptions {
  /** Absolute paths of the files that it may read beside itself. Default: none. */
  readonly allowed?: readonly string[] | undefined
  /** Whether to look if all that the image's tables lead to is there. Default: true. */
  readonly tables?: boolean
  /** Gives up looking. */
  readonly signal?: AbortSignal | undefined
}

/** The files of a base image, opened one after the other. */
export class ImageChain {
  /** What is open, by inode, the image itself first. */
  readonly files = new Map<string, ImageFile>()
  readonly #look: ChainOptions

  constructor(look: ChainOptions) {
    this.#look = look
  }

  /**
   * Opens an image with all that it reads.
   *
   * @param named its path as whoever reads it names it, to whose directory the names of further files are relative
   * @throws as `openImageFile` and `readQcow2`
   */
  async open(path: string, named = path): Promise<ImageLayer & {readonly qcow2: Qcow2Image}> {
    const file = await this.#openFile(path)
    const qcow2 = await readQcow2(file)
    if (this.#look.tables ?? true) {
      await checkTables(file, qcow2, this.#look.signal)
    }

    const {backing, dataFile: dataName} = qcow2
    if (dataName === '') {
      const what = 'keeps its data in another file, and does not say in which'
      throw imageError(path, what, standAlone, HiddenFileError)
    }

    const by = {path, directory: dirname(named)}
    const dataPath = dataName && (await this.#allowedFile(by, 'external data file', dataName))
    return {
      ...{file, qcow2},
      dataFile: dataPath === undefined ? undefined : await this.#openFile(dataPath),
      backing: backing && (await this.#openBacking(by, backing)),
    }
  }

  /** Closes what is open; more than once does no harm. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.files.values(), ({handle}) => handle.close()))
  }

  async #openBacking(by: Namer, {name, format}: BackingFile): Promise<ImageLayer> {
    const path = await this.#allowedFile(by, 'backing file', name)
    switch (format) {
      case 'raw':
        return {file: await this.#openFile(path)}
      case 'qcow2':
        return await this.open(path, pathIn(by.directory, name))
      case undefined:
        throw imageError(
          by.path,
          `does not say which format its backing file ${inQuotes(name)} has`,
          'Have it say so, with FORMAT raw or qcow2: ' +
            `qemu-img rebase -u -f qcow2 -b ${inQuotes(name)} -F FORMAT IMAGE`,
        )
      default:
        throw imageError(
          by.path,
          `has a backing file that is neither qcow2 nor raw but ${inQuotes(format)}: ${inQuotes(name)}`,
          standAlone,
        )
    }
  }

  async #openFile(path: string): Promise<ImageFile> {
    const file = await openImageFile(path)
    const {dev, ino} = await file.handle.stat({bigint: true})
    if (this.files.has(`${dev}:${ino}`)) {
      await file.handle.close()
      throw imageError(path, 'is named twice by the images of one chain', standAlone)
    }

    this.files.set(`${dev}:${ino}`, file)
    return file
  }

  /**
   * Finds the file that the image `by` names among those that it may read. Nothing is ever opened by the image's own name for
   * it, which only picks one of them. QEMU makes a path of a name as here: relative to the directory of the image, as its own
   * path names that. (QEMU 7.2 takes the relative name of a data file to be relative to its own working directory; nobody can
   * have meant that.)
   *
   * @throws HiddenFileError when it is none of them
   */
  async #allowedFile(by: Namer, as: string, name: string): Promise<string> {
    if (protocol.test(name)) {
      const what = `reads what is no plain file: its ${as} ${inQuotes(name)}`
      throw imageError(by.path, what, standAlone, HiddenFileError)
    }

    const path = pathIn(by.directory, name)
    const wanted = await identityOf(path)
    for (const candidate of this.#look.allowed ?? []) {
      if ((await identityOf(candidate)) === wanted) {
        return candidate
      }
    }

    throw imageError(
      by.path,
      `reads another file of the host, which "backing-files" does not allow: its ${as} ${inQuotes(name)}`,
      'If you trust whoever made the image, allow it to read the file, ' +
        `"backing-files": [${inQuotes(path)}], or make it stand alone: ${conversion}`,
      HiddenFileError,
    )
  }
}

/** As QEMU tells a protocol from a path. */
const protocol = /^[^/]*:/u

/** Linux, include/uapi/linux/limits.h: PATH_MAX. */
const longestPath = 4096

/** What a header says, for a message. No path is longer than what is shown. */
function inQuotes(text: string): string {
  return JSON.stringify(text.slice(0, longestPath))
}

/** What two paths of one file have in common, whether it is there or not. */
async function identityOf(path: string): Promise<string> {
  const inode = await inodeOf(path)
  return inode ?? `${(await inodeOf(dirname(path))) ?? dirname(path)}/${basename(path)}`
}

async function inodeOf(path: string): Promise<string | undefined> {
  const found = await stat(path, {bigint: true}).catch(() => undefined)
  return found && `${found.dev}:${found.ino}`
}
