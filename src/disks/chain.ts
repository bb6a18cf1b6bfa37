import {stat} from 'node:fs/promises'
import {basename, dirname} from 'node:path'
import {pathIn} from '../host/path-in.js'
import {HiddenFileError, type ImageFile, type ImageLayer, imageError, openImageFile} from './image-file.js'
import {type Qcow2Image, readQcow2} from './qcow2.js'
import {checkTables} from './qcow2-tables.js'

/** A file that an image names. */
interface NamedFile {
  /** The path of the image that names it. */
  readonly by: string
  /** What it is to the image. */
  readonly as: 'backing file' | 'external data file'
  readonly name: string
  /** The path that QEMU makes of the name: relative to the directory of the image, as its own path names that. */
  readonly path: string
}

const conversion = 'qemu-img convert -f qcow2 -O qcow2 IMAGE NEW-IMAGE'

/** How to do without further files: the conversion reads them all, so the new image holds whatever is in them. */
const standAlone = `If you trust whoever made it, make it stand alone: ${conversion}`

/** How a base image is looked at. */
export interface Look {
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
  readonly #look: Look

  constructor(look: Look) {
    this.#look = look
  }

  /** Opens an image with all that it reads. @throws as `openImageFile` and `readQcow2` */
  async open(path: string): Promise<ImageLayer & {readonly qcow2: Qcow2Image}> {
    return await this.#openQcow2(await this.#openFile(path), path)
  }

  /** Closes what is open; more than once does no harm. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.files.values(), ({handle}) => handle.close()))
  }

  /** @param path of the file, as whoever reads it names it */
  async #openQcow2(file: ImageFile, path: string): Promise<ImageLayer & {readonly qcow2: Qcow2Image}> {
    const qcow2 = await readQcow2(file)
    if (this.#look.tables ?? true) {
      await checkTables(file, qcow2, this.#look.signal)
    }

    const {backing, dataFile} = qcow2
    const named = (as: NamedFile['as'], name: string): NamedFile => ({
      ...{by: file.path, as, name},
      path: pathIn(dirname(path), name),
    })
    if (dataFile === '') {
      const what = 'keeps its data in another file, and does not say in which'
      throw imageError(file.path, what, standAlone, HiddenFileError)
    }

    return {
      ...{file, qcow2},
      dataFile:
        dataFile === undefined ? undefined : await this.#openNamed(named('external data file', dataFile)),
      backing: backing && (await this.#openBacking(named('backing file', backing.name), backing.format)),
    }
  }

  async #openBacking(named: NamedFile, format: string | undefined): Promise<ImageLayer> {
    const file = await this.#openNamed(named)
    switch (format) {
      case 'raw':
        return {file}
      case 'qcow2':
        return await this.#openQcow2(file, named.path)
      case undefined:
        throw imageError(
          named.by,
          `does not say which format its backing file ${quoted(named.name)} has`,
          'Have it say so, with FORMAT raw or qcow2: ' +
            `qemu-img rebase -u -f qcow2 -b ${quoted(named.name)} -F FORMAT IMAGE`,
        )
      default:
        throw imageError(
          named.by,
          `has a backing file that is neither qcow2 nor raw but ${quoted(format)}: ${quoted(named.name)}`,
          standAlone,
        )
    }
  }

  async #openNamed(named: NamedFile): Promise<ImageFile> {
    return await this.#openFile(await allowedFile(named, this.#look.allowed ?? []))
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
}

/** As QEMU tells a protocol from a path. */
const protocol = /^[^/]*:/u

/**
 * Finds the file that an image names among those that it may read. Nothing is ever opened by the image's own name for
 * it, which only picks one of them. (QEMU 7.2 takes the relative name of a data file to be relative to its own working
 * directory; nobody can have meant that.)
 *
 * @param allowed absolute paths
 * @throws HiddenFileError when it is none of them
 */
async function allowedFile({by, as, name, path}: NamedFile, allowed: readonly string[]): Promise<string> {
  if (protocol.test(name)) {
    const what = `reads what is no plain file: its ${as} ${quoted(name)}`
    throw imageError(by, what, standAlone, HiddenFileError)
  }

  const wanted = await identityOf(path)
  for (const candidate of allowed) {
    if ((await identityOf(candidate)) === wanted) {
      return candidate
    }
  }

  throw imageError(
    by,
    `reads another file of the host, which "backing-files" does not allow: its ${as} ${quoted(name)}`,
    'If you trust whoever made the image, allow it to read the file, ' +
      `"backing-files": [${quoted(path)}], or make it stand alone: ${conversion}`,
    HiddenFileError,
  )
}

/** Linux, include/uapi/linux/limits.h: PATH_MAX. */
const longestPath = 4096

/** What a header says, for a message. No path is longer than what is shown. */
function quoted(text: string): string {
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
