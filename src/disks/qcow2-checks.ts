import type {VmrunError} from '../errors/errors.js'
import {decryptHint} from './foreign-format.js'
import {imageError} from './image-error.js'
import {feature, type Qcow2Header} from './qcow2-header.js'

const knownFeatures = Object.values(feature).reduce((all, bit) => all | bit, 0n)
/** QEMU's own limits (block/qcow2.h). */
const clusterBits = {least: 9, leastOfExtendedL2: 14, most: 21}
const largestL1 = 32 * 1024 ** 2
const largestRefcountTable = 8 * 1024 ** 2
const highestRefcountOrder = 6
const highestCompressionType = 1

/** Whether QEMU can read the image at all, as far as its header tells. @throws as `imageError` */
export function checkReadable(path: string, header: Qcow2Header): void {
  const {features, compressionType, encryption} = header
  const unknown = features & ~knownFeatures
  if (unknown !== 0n) {
    throw newer(path, `it uses the incompatible features 0x${unknown.toString(16)}`)
  }

  if (compressionType > highestCompressionType) {
    throw newer(path, `it is compressed in a way (${compressionType}) that is not known`)
  }

  if (encryption > 2) {
    throw newer(path, `it is encrypted in a way (${encryption}) that is not known`)
  }

  if (encryption > 0) {
    const by = encryption === 1 ? 'AES' : 'LUKS'
    const source = 'driver=qcow2,encrypt.key-secret=key,file.filename=IMAGE'
    throw imageError(path, `is encrypted by ${by}`, decryptHint(source))
  }

  if ((features & feature.corrupt) !== 0n) {
    throw imageError(
      path,
      'is marked as corrupt',
      'Repair a copy of it, and see whether the guest still boots: qemu-img check -f qcow2 -r all COPY',
    )
  }

  checkSense(path, header)
}

/** What is wrong with an image of a later QEMU. */
export function newer(path: string, why: string): VmrunError {
  return imageError(
    path,
    `was made by a newer QEMU: ${why}`,
    'Convert it with that QEMU: qemu-img convert -f qcow2 -O qcow2 IMAGE NEW-IMAGE',
  )
}

/** What is wrong with an image whose file ends too early. */
export function truncated(path: string, what: string): VmrunError {
  return imageError(path, `is truncated: ${what}`, 'Copy or download it again.')
}

/** What is wrong with an image that says what cannot be. */
export function damaged(path: string, what: string): VmrunError {
  return imageError(
    path,
    `is damaged: ${what}`,
    'Copy or download it again. qemu-img check -f qcow2 IMAGE tells more.',
  )
}

function checkSense(path: string, header: Qcow2Header): void {
  const {features, length} = header
  const extended = (features & feature.extendedL2) !== 0n
  const least = extended ? clusterBits.leastOfExtendedL2 : clusterBits.least
  if (header.clusterBits < least || header.clusterBits > clusterBits.most) {
    throw damaged(path, `it claims clusters of 2^${header.clusterBits} bytes`)
  }

  const clusterSize = 2 ** header.clusterBits
  if (length < (header.version >= 3 ? 104 : 72) || length > clusterSize) {
    throw damaged(path, `it claims a header of ${length} bytes`)
  }

  if (header.virtualSize > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw damaged(path, `it claims to hold ${header.virtualSize} bytes`)
  }

  const entriesPerL2 = clusterSize / (extended ? 16 : 8)
  const leastEntries = Math.ceil(Number(header.virtualSize) / (clusterSize * entriesPerL2))
  if (header.l1Entries < leastEntries || header.l1Entries * 8 > largestL1) {
    throw damaged(path, `its L1 table of ${header.l1Entries} entries does not fit its size`)
  }

  const refcountTable = header.refcountTableClusters * clusterSize
  if (
    refcountTable === 0 ||
    refcountTable > largestRefcountTable ||
    header.refcountOrder > highestRefcountOrder
  ) {
    throw damaged(path, 'its reference counts make no sense')
  }

  if (![header.l1Offset, header.refcountTableOffset].every(offset => offset % BigInt(clusterSize) === 0n)) {
    throw damaged(path, 'a table of it does not begin with a cluster')
  }
}
