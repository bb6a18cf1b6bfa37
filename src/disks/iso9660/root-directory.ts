import {directorySector, type Extent, fileRecord, parentRecord, selfRecord} from './directory-records.js'
import {compareIdentifiers, withPrimaryIdentifiers} from './identifiers.js'
import {fileSystemUse, parentSystemUse, rootSystemUse} from './rock-ridge.js'
import {SECTOR} from './sectors.js'
import {ucs2} from './text.js'

/** A file, and where its content lies. */
export interface PlacedFile {
  readonly name: string
  readonly extent: Extent
}

/**
 * The root directory of the primary hierarchy, with Rock Ridge. `location` is its own, in sectors.
 *
 * @throws RangeError when the files do not fit
 */
export function primaryRoot(location: number, files: readonly PlacedFile[], modified: Date): Buffer {
  const extent = {location, size: SECTOR}
  const records = withPrimaryIdentifiers(files)
    .toSorted((left, right) => compareIdentifiers(left.identifier, right.identifier))
    .map(file =>
      fileRecord({
        identifier: Buffer.from(`${file.identifier};1`, 'ascii'),
        extent: file.extent,
        modified,
        systemUse: fileSystemUse(file.name, modified),
      }),
    )
  return directorySector([
    selfRecord({extent, modified, systemUse: rootSystemUse(modified)}),
    parentRecord({extent, modified, systemUse: parentSystemUse(modified)}),
    ...records,
  ])
}

/**
 * The root directory of the Joliet hierarchy. `location` is its own, in sectors.
 *
 * @throws RangeError when the files do not fit
 */
export function jolietRoot(location: number, files: readonly PlacedFile[], modified: Date): Buffer {
  const extent = {location, size: SECTOR}
  const records = files
    .toSorted((left, right) => compareIdentifiers(left.name, right.name))
    .map(file => fileRecord({identifier: ucs2(file.name), extent: file.extent, modified}))
  return directorySector([selfRecord({extent, modified}), parentRecord({extent, modified}), ...records])
}
