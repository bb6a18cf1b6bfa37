import {dirname} from 'node:path'
import {allowedFile, type NamedFile, pathOf, quoted, standAlone} from './allowed-files.js'
import {imageError} from './image-error.js'
import type {ImageFile, ImageLayer} from './layers.js'
import {openImageFile} from './open-file.js'
import {type Qcow2Image, readQcow2} from './qcow2.js'

/** How many files an image may consist of. */
const mostFiles = 32

/** The files of a base image, opened one after the other. */
export class ImageChain {
  readonly #allowed: readonly string[]
  readonly #files: ImageFile[] = []
  readonly #identities = new Set<string>()

  readonly #signal: AbortSignal | undefined

  /**
   * @param allowed absolute paths of the files that may be opened beside the image itself
   * @param signal gives up
   */
  constructor(allowed: readonly string[], signal?: AbortSignal) {
    this.#allowed = allowed
    this.#signal = signal
  }

  /** What is open. */
  get files(): readonly ImageFile[] {
    return this.#files
  }

  /** Opens an image with all that it reads; its size is in bytes. @throws as `imageError` */
  async open(path: string): Promise<{readonly top: ImageLayer; readonly virtualSize: number}> {
    const file = await this.#openFile(path)
    const image = await readQcow2(file, this.#signal)
    return {top: await this.#layerOf(file, dirname(path), image), virtualSize: image.virtualSize}
  }

  /** Closes what is open; more than once does no harm. */
  async close(): Promise<void> {
    await Promise.all(this.#files.map(({handle}) => handle.close()))
  }

  async #layerOf(file: ImageFile, directory: string, image: Qcow2Image): Promise<ImageLayer> {
    const {backing, data} = image.names
    const named = {by: file.path, directory}
    if (data !== undefined && data.name === undefined) {
      throw imageError(
        file.path,
        'keeps its data in another file, and does not say in which',
        standAlone,
        'hidden-file',
      )
    }

    return {
      file,
      format: 'qcow2',
      ...(data?.name === undefined
        ? {}
        : {dataFile: await this.#openNamed({...named, as: 'external data file', name: data.name})}),
      ...(backing === undefined
        ? {}
        : {
            backing: await this.#openBacking(
              {...named, as: 'backing file', name: backing.name},
              backing.format,
            ),
          }),
    }
  }

  async #openBacking(named: NamedFile, format: string | undefined): Promise<ImageLayer> {
    const file = await this.#openNamed(named)
    switch (format) {
      case 'raw':
        return {file, format}
      case 'qcow2':
        return await this.#layerOf(file, dirname(pathOf(named)), await readQcow2(file, this.#signal))
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
    return await this.#openFile(await allowedFile(named, this.#allowed))
  }

  async #openFile(path: string): Promise<ImageFile> {
    const file = await openImageFile(path)
    this.#files.push(file)
    const {dev, ino} = await file.handle.stat({bigint: true})
    if (this.#identities.has(`${dev}:${ino}`)) {
      throw imageError(path, 'is named twice by the images of one chain', standAlone)
    }

    if (this.#files.length > mostFiles) {
      throw imageError(path, `is one of more than ${mostFiles} that the base image reads`, standAlone)
    }

    this.#identities.add(`${dev}:${ino}`)
    return file
  }
}
