import type {DeviceOptions} from '../contract/architecture.js'
import {blockdev, device, overlayNode} from '../qemu/command/arguments.js'
import type {ImageFile, ImageLayer} from './image-file.js'

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
  /** By `backingNode`. */
  readonly base: object
  /** The machine's. */
  readonly device: DeviceOptions
}): readonly string[] {
  return [
    ...blockdev({
      'node-name': overlayNode,
      driver: 'qcow2',
      ...thrownAway,
      file: {driver: 'file', filename: disk.overlay, ...thrownAway},
      backing: disk.base,
    }),
    // Without an index the firmware may try to boot from another disk first. A guest whose disk fails is not told to
    // cope with it: it is stopped, so that the host gets the blame.
    ...device({...disk.device, drive: overlayNode, bootindex: 0, werror: 'stop', rerror: 'stop'}),
  ]
}

/**
 * A base image as QEMU is told of it.
 *
 * @param filenameOf by which name QEMU gets to know one of its files
 * @param depth how many layers lie between the overlay and this one
 */
export function backingNode(layer: ImageLayer, filenameOf: (file: ImageFile) => string, depth = 0): object {
  const {qcow2, backing, dataFile} = layer
  const opened = (file: ImageFile) => ({driver: 'file', filename: filenameOf(file), 'read-only': true})
  return {
    'node-name': depth === 0 ? 'base-image' : `backing-file-${depth}`,
    driver: qcow2 === undefined ? 'raw' : 'qcow2',
    'read-only': true,
    file: opened(layer.file),
    ...(dataFile && {'data-file': opened(dataFile)}),
    // A raw image has nothing below it, and no option for it.
    ...(qcow2 && {backing: backing === undefined ? null : backingNode(backing, filenameOf, depth + 1)}),
  }
}
