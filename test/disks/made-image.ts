import {execFile} from 'node:child_process'
import {open, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {expect} from 'vitest'
import {field} from '../../src/disks/qcow2.js'
import {VmrunError} from '../../src/errors/errors.js'
import {temporaryDirectory} from '../temporary-directory.js'

/** The path of a qcow2 image that qemu-img made with these options, in a directory of its own. */
export async function madeImage(size: string, ...options: readonly string[]): Promise<string> {
  const directory = await temporaryDirectory()
  const image = join(directory, 'image.qcow2')
  await promisify(execFile)('qemu-img', ['create', '-q', '-f', 'qcow2', ...options, image, size], {
    cwd: directory,
  })
  return image
}

/** The path of a file of this content, in a directory of its own. */
export async function fileOf(content: string | Uint8Array): Promise<string> {
  const file = join(await temporaryDirectory(), 'image')
  await writeFile(file, content)
  return file
}

/** What a program prints. */
export async function called(program: string, ...options: readonly string[]): Promise<string> {
  const {stdout} = await promisify(execFile)(program, options)
  return stdout
}

/** What `look` finds wrong with an image, and in brackets what to do about it. The image is called IMAGE. */
export async function problemWith(image: string, look: (image: string) => Promise<unknown>): Promise<string> {
  const error = await look(image).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(VmrunError)
  return error instanceof VmrunError ? `${error.message} (${error.hint})`.replace(image, 'IMAGE') : ''
}

/** Overwrites some bytes of a file. Numbers are big-endian, as everywhere in qcow2; their width is in bytes. */
export async function patch(
  path: string,
  offset: number,
  {value, width}: {readonly value: number | bigint; readonly width: 4 | 8},
): Promise<void> {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  const file = await open(path, 'r+')
  await file.write(bytes, 8 - width, width, offset).finally(() => file.close())
}

/** A number in a file. */
export async function numberAt(path: string, offset: number): Promise<bigint> {
  const file = await open(path)
  const {buffer} = await file.read(Buffer.alloc(8), 0, 8, offset).finally(() => file.close())
  return buffer.readBigUInt64BE()
}

/** Where the first table of level 2 of an image lies, in bytes. */
export async function firstL2(path: string): Promise<number> {
  const entry = await numberAt(path, Number(await numberAt(path, field.l1Offset)))
  return Number(BigInt.asUintN(56, entry))
}

const headerLength = 112

/** Takes the format of its backing file out of the header of an image that has nothing before it there. */
export async function forgetBackingFormat(path: string): Promise<void> {
  // An extension of a type that nobody knows.
  await patch(path, headerLength, {value: 0x01_01_01_01, width: 4})
}
