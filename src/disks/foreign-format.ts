import type {VmrunError} from '../errors/errors.js'
import {imageError} from './image-file.js'

/**
 * A kind of file that is no qcow2 image: by what it is known, a text of one character a byte; what it is; what to do with it;
 * and where that text is, in bytes, if not at its beginning.
 */
type Kind = readonly [begins: string | RegExp, is: string, hint: string, at?: number]

const convert = (format: string): string =>
  `Convert it: qemu-img convert -f ${format} -O qcow2 IMAGE NEW-IMAGE`

const looksLike = (what: string): string => `is not qcow2: it looks like ${what}`

const unpack = (command: string): string => `Unpack it: ${command}`

const savedInstead = (what: string): string =>
  `is not qcow2 but ${what}, as a server sends it instead of a file`
const lookAtIt = 'Look at it, and download the image again from where it really is.'
const installFirst = 'One that installs a system is no system yet: install it onto a disk image first.'
const html = /^\s*(?:<\?xml\b[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b/iu
const json = /^\s*(?:\{\s*["}]|\[\s*["{[\]])/u

/** The first that fits counts. The last one fits all: what is not known may be a raw disk without a partition table. */
const kinds: readonly Kind[] = [
  ['\x1f\x8b', 'is compressed with gzip', unpack('gzip -d IMAGE.gz')],
  ['\xfd7zXZ\0', 'is compressed with xz', unpack('xz -d IMAGE.xz')],
  ['\x28\xb5\x2f\xfd', 'is compressed with zstd', unpack('zstd -d IMAGE.zst')],
  ['BZh', 'is compressed with bzip2', unpack('bzip2 -d IMAGE.bz2')],
  ['PK\x03\x04', 'is a zip archive', unpack('unzip IMAGE.zip')],
  ['ustar', 'is a tar archive, as of an OVA', unpack('tar -xf IMAGE.tar'), 257],
  ['LUKS\xba\xbe', 'is encrypted by LUKS', decryptHint('driver=luks,key-secret=key,file.filename=IMAGE')],
  ['KDMV', looksLike('a VMware disk (vmdk)'), convert('vmdk')],
  ['# Disk DescriptorFile', looksLike('the description of a VMware disk (vmdk)'), convert('vmdk')],
  ['\x7f\x10\xda\xbe', looksLike('a VirtualBox disk (vdi)'), convert('vdi'), 64],
  ['vhdxfile', looksLike('a Hyper-V disk (vhdx)'), convert('vhdx')],
  ['conectix', looksLike('a Virtual PC disk (vhd)'), convert('vpc')],
  ['CD001', looksLike('a CD-ROM (ISO 9660)'), `${convert('raw')}. ${installFirst}`, 32_769],
  ['\x55\xaa', looksLike('a raw disk'), convert('raw'), 510],
  [
    // The specification of Git LFS, docs/spec.md.
    'version https://git-lfs.github.com/',
    'is not qcow2 but a pointer of Git LFS, which stands for the image',
    'Get the image itself: git lfs pull',
  ],
  [html, savedInstead('an HTML page'), lookAtIt],
  [json, savedInstead('JSON'), lookAtIt],
  [/^$/u, 'is empty', 'Copy or download it again.'],
  ['', 'is not qcow2', convert('raw').replace('it:', 'it, naming its format:')],
]

/** How much of a file's beginning tells what it is, in bytes. */
export const tellingLength = 32_774

/** What a file that is no qcow2 image seems to be. @param start its first bytes, `tellingLength` of them if it can be */
export function foreignFormat(path: string, start: Buffer): VmrunError {
  const text = start.toString('latin1')
  const [, is = '', hint] =
    kinds.find(([begins, , , at]) =>
      typeof begins === 'string' ? text.startsWith(begins, at) : begins.test(text),
    ) ?? []
  return imageError(path, is, hint)
}

/** How to make an image that is not encrypted of one that is. @param source the encrypted one, as `--image-opts` */
export function decryptHint(source: string): string {
  const secret = '--object secret,id=key,file=FILE-WITH-ITS-PASSWORD'
  return `Decrypt it: qemu-img convert ${secret} --image-opts ${source} -O qcow2 NEW-IMAGE`
}
