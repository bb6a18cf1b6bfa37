import type {FileHandle} from 'node:fs/promises'

/** A file of a base image, open for reading. */
export interface ImageFile {
  /** Absolute. */
  readonly path: string
  readonly handle: FileHandle
}

/** An image and what it reads where it holds nothing itself. */
export interface ImageLayer {
  readonly file: ImageFile
  readonly format: 'qcow2' | 'raw'
  readonly backing?: ImageLayer | undefined
  /** Holds the guest's data, where the image keeps it apart from its tables. */
  readonly dataFile?: ImageFile | undefined
}
