import type {FileHandle} from 'node:fs/promises'

/**
 * Open files that QEMU inherits, so that it needs no name for them, and no right to open them: it knows each as a set
 * of descriptors (QEMU, qemu-options.hx, `-add-fd`).
 */

/** The descriptor that the first file has in QEMU; the ones below are the connections to it. */
const firstDescriptor = 5

const prefix = '/dev/fdset/'

/** Adds a file to those that a machine inherits. @returns the name by which QEMU opens it */
export function inherit(inherited: FileHandle[], file: FileHandle): string {
  inherited.push(file)
  return nameOf(inherited.length - 1)
}

/** The names of all inherited files. */
export function inheritedNames(inherited: readonly FileHandle[]): readonly string[] {
  return inherited.map((_, index) => nameOf(index))
}

/** What QEMU has to be told of the files that it inherits, in their order. */
export function inheritedArguments(inherited: readonly FileHandle[]): readonly string[] {
  return inherited.flatMap((_, index) => ['-add-fd', `fd=${descriptorOf(index)},set=${index + 1}`])
}

/** The descriptor that an inherited file has in QEMU. */
export function descriptorOf(index: number): number {
  return firstDescriptor + index
}

/** The number of the set behind the name of an inherited file. */
export function setOf(name: string): number {
  return Number(name.slice(prefix.length))
}

function nameOf(index: number): string {
  return `${prefix}${index + 1}`
}
