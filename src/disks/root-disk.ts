import type {DeviceOptions} from '../contract/architecture.js'
import {blockdev, device, overlayNode} from '../qemu/command/arguments.js'
import type {ImageFile, ImageLayer} from './image-file.js'

/** A layer of a base image as QEMU is told of it. */
export interface BackingNode {
  readonly filename: string
  readonly format: 'qcow2' | 'raw'
  readonly backing?: BackingNode | undefined
  /** The name of its external data file. */
  readonly dataFile?: string | undefined
}

/**
 * How QEMU treats what is thrown away (QEMU, qemu-options.hx, `-blockdev`). After a crash of the host nobody reads it, so
 * a flush of the guest need not reach the host's disk; and what the guest discards is free again on the host at once.
 */
const thrownAway = {cache: {'no-flush': true}, discard: 'unmap'}

/**
 * The root disk. Every layer of the base image is named here again, with its format, read-only and down to the last
 * one, so that neither the overlay's header nor a base image's decides what is opened.
 */
export function rootDiskArguments(disk: {
  readonly overlay: string
  readonly base: BackingNode
  /** The machine's. */
  readonly device: DeviceOptions
}): readonly string[] {
  return [
    ...blockdev({
      'node-name': overlayNode,
      driver: 'qcow2',
      ...thrownAway,
      file: {driver: 'file', filename: disk.overlay, ...thrownAway},
      backing: readOnlyNode(disk.base, 0),
    }),
    // Without an index the firmware may try to boot from another disk first. A guest whose disk fails is not told to
    // cope with it: it is stopped, so that the host gets the blame.
    ...device({
      ...disk.device,
      drive: overlayNode,
      bootindex: 0,
      werror: 'stop',
      rerror: 'stop',
    }),
  ]
}

/** What QEMU is told of an opened base image, whose files it gets to know by the names that `filenameOf` gives. */
export function backingNode(layer: ImageLayer, filenameOf: (file: ImageFile) => string): BackingNode {
  const {file, qcow2, backing, dataFile} = layer
  return {
    filename: filenameOf(file),
    format: qcow2 === undefined ? 'raw' : 'qcow2',
    backing: backing && backingNode(backing, filenameOf),
    dataFile: dataFile && filenameOf(dataFile),
  }
}

/** @param depth how many layers lie between the overlay and this one */
function readOnlyNode({filename, format, backing, dataFile}: BackingNode, depth: number): object {
  return {
    'node-name': depth === 0 ? 'base-image' : `backing-file-${depth}`,
    driver: format,
    'read-only': true,
    file: readOnlyFile(filename),
    ...(dataFile === undefined ? {} : {'data-file': readOnlyFile(dataFile)}),
    // A raw image has nothing below it, and no option for it.
    ...(format === 'raw' ? {} : {backing: backing === undefined ? null : readOnlyNode(backing, depth + 1)}),
  }
}

function readOnlyFile(filename: string): object {
  return {driver: 'file', filename, 'read-only': true}
}
