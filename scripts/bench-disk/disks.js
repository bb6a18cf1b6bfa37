// What the disks are made of, and vmrun's own words for them.
import {execFileSync} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'

/** The size of the file that is read, in bytes. */
const dataSize = 32 * 1024 * 1024

/** A file system, whose file `data` is read. */
export async function measuredBase(directory) {
  const [content, base] = ['content', 'base.raw'].map(name => path.join(directory, name))
  await mkdir(content)
  await writeFile(path.join(content, 'data'), randomBytes(dataSize))
  execFileSync('mkfs.ext4', ['-q', '-E', 'lazy_itable_init=0', '-d', content, base, '4G'])
  return {filename: base, format: 'raw'}
}

/**
 * The arguments for the disk of a row, which its guest knows by the serial `v` and its number.
 *
 * @param own vmrun's modules
 * @param filename of the overlay that is made for it
 */
export function diskOf(own, base, {index, filename, row}) {
  const {overlay, file, files, create = 'compat=1.1', device: front = {}} = row
  makeOverlay(filename, base, '-o', create)
  const [, node, , device] = own.rootDiskArguments({
    ...{overlay: filename, base},
    device: own.x86_64.devices.disk,
  })
  const {backing, ...format} = JSON.parse(node)
  return [
    ...own.blockdev({
      ...format,
      ...overlay,
      'node-name': `disk-${index}`,
      file: {...format.file, ...file, ...files},
      backing: {...backing, 'node-name': `base-${index}`, file: {...backing.file, ...files}},
    }),
    ...own.device({
      ...JSON.parse(device),
      ...front,
      bootindex: undefined,
      drive: `disk-${index}`,
      serial: `v${index}`,
    }),
  ]
}

export function makeOverlay(file, base, ...options) {
  const backing = ['-F', base.format, '-b', base.filename]
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', ...backing, ...options, file])
}
