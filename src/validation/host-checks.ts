import type {Check} from './check.js'
import {checkBackingFiles, checkImage} from './checks/image.js'
import {checkRootDisk} from './checks/root-disk.js'
import {ImageLooks} from './image-looks.js'

/** What the instances of some files ask of this host, and what `--no-host-checks` leaves out. */
export function hostChecks(): readonly Check[] {
  const images = new ImageLooks()
  return [checkImage(images), checkBackingFiles, checkRootDisk(images)]
}
