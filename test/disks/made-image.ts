import {execFile} from 'node:child_process'
import {join} from 'node:path'
import {promisify} from 'node:util'
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

/** What a program prints. */
export async function called(program: string, ...options: readonly string[]): Promise<string> {
  const {stdout} = await promisify(execFile)(program, options)
  return stdout
}
