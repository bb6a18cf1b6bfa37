import type {VmrunError} from '../errors/errors.js'
import {imageError} from './image-error.js'
import {damaged} from './qcow2-checks.js'
import {feature, type Qcow2Header} from './qcow2-header.js'

/** The files beside itself that a qcow2 image names. */
export interface NamedFiles {
  readonly backing?: {readonly name: string; readonly format: string | undefined} | undefined
  readonly data?: {readonly name: string | undefined} | undefined
}

/** The specification's own limit, in bytes. */
const longestBackingName = 1023

/** Header extensions. */
const backingFormat = 0xe2_79_2a_ca
const dataFileName = 0x44_41_54_41

/**
 * The files that an image names.
 *
 * @param cluster its first cluster, which holds all of that
 * @throws as `imageError` when the cluster ends within what it says
 */
export function namedFiles(path: string, header: Qcow2Header, cluster: Buffer): NamedFiles {
  const {offset, length} = header.backingName
  if (length > longestBackingName) {
    throw damaged(path, `the name of its backing file has ${length} bytes`)
  }

  const extensionsEnd = offset === 0n ? cluster.length : Number(offset)
  if (extensionsEnd + (offset === 0n ? 0 : length) > cluster.length) {
    throw nameless(path)
  }

  const extensions = readExtensions(path, cluster.subarray(header.length, extensionsEnd))
  // QEMU takes an empty name for none.
  const backing = offset === 0n ? '' : textOf(cluster.subarray(extensionsEnd, extensionsEnd + length))
  const hasDataFile = (header.features & feature.externalDataFile) !== 0n
  return {
    ...(backing === '' ? {} : {backing: {name: backing, format: extensions.get(backingFormat)}}),
    ...(hasDataFile ? {data: {name: extensions.get(dataFileName)}} : {}),
  }
}

function readExtensions(path: string, area: Buffer): ReadonlyMap<number, string> {
  const extensions = new Map<number, string>()
  let offset = 0
  while (offset + 8 <= area.length) {
    const [type, length] = [area.readUInt32BE(offset), area.readUInt32BE(offset + 4)]
    if (type === 0) {
      break
    }

    const start = offset + 8
    if (start + length > area.length) {
      throw nameless(path)
    }

    extensions.set(type, textOf(area.subarray(start, start + length)))
    offset = start + Math.ceil(length / 8) * 8
  }

  return extensions
}

/** QEMU takes names for strings of C. */
function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.subarray(0, end === -1 ? bytes.length : end).toString()
}

function nameless(path: string): VmrunError {
  return imageError(
    path,
    'is damaged: a part of its header goes beyond the first cluster',
    'Copy or download it again.',
  )
}
