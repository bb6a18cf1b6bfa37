import type {VmrunError} from '../errors/errors.js'
import {imageError} from './image-file.js'

/** A kind of file that is no qcow2 image, and what to do with it. */
interface Kind {
  /** By what it is known: a text of one character a byte. */
  readonly begins: string | RegExp
  /** Where that text is, in bytes. Default: 0. */
  readonly at?: number
  readonly is: string
  readonly hint: string
}

const convert = (format: string): string =>
  `Convert it: qemu-img convert -f ${format} -O qcow2 IMAGE NEW-IMAGE`

const looksLike = (what: string): string => `is not qcow2: it looks like ${what}`

const unpack = (command: string): string => `Unpack it: ${command}`

const lookAtIt = 'Look at it, and download the image again from where it really is.'

/** The first that fits counts. */
const kinds: readonly Kind[] = [
  {begins: '\x1f\x8b', is: 'is compressed with gzip', hint: unpack('gzip -d IMAGE.gz')},
  {begins: '\xfd7zXZ\0', is: 'is compressed with xz', hint: unpack('xz -d IMAGE.xz')},
  {begins: '\x28\xb5\x2f\xfd', is: 'is compressed with zstd', hint: unpack('zstd -d IMAGE.zst')},
  {begins: 'BZh', is: 'is compressed with bzip2', hint: unpack('bzip2 -d IMAGE.bz2')},
  {begins: 'PK\x03\x04', is: 'is a zip archive', hint: unpack('unzip IMAGE.zip')},
  {begins: 'ustar', at: 257, is: 'is a tar archive, as of an OVA', hint: unpack('tar -xf IMAGE.tar')},
  {
    begins: 'LUKS\xba\xbe',
    is: 'is encrypted by LUKS',
    hint: decryptHint('driver=luks,key-secret=key,file.filename=IMAGE'),
  },
  {begins: 'KDMV', is: looksLike('a VMware disk (vmdk)'), hint: convert('vmdk')},
  {
    begins: '# Disk DescriptorFile',
    is: looksLike('the description of a VMware disk (vmdk)'),
    hint: convert('vmdk'),
  },
  {begins: '\x7f\x10\xda\xbe', at: 64, is: looksLike('a VirtualBox disk (vdi)'), hint: convert('vdi')},
  {begins: 'vhdxfile', is: looksLike('a Hyper-V disk (vhdx)'), hint: convert('vhdx')},
  {begins: 'conectix', is: looksLike('a Virtual PC disk (vhd)'), hint: convert('vpc')},
  {
    begins: 'CD001',
    at: 32_769,
    is: looksLike('a CD-ROM (ISO 9660)'),
    hint: `${convert('raw')}. One that installs a system is no system yet: install it onto a disk image first.`,
  },
  {begins: '\x55\xaa', at: 510, is: looksLike('a raw disk'), hint: convert('raw')},
  // The specification of Git LFS, docs/spec.md.
  {
    begins: 'version https://git-lfs.github.com/',
    is: 'is not qcow2 but a pointer of Git LFS, which stands for the image',
    hint: 'Get the image itself: git lfs pull',
  },
  {
    begins: /^\s*(?:<\?xml\b[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b/iu,
    is: 'is not qcow2 but an HTML page, as a server sends it instead of a file',
    hint: lookAtIt,
  },
  {
    begins: /^\s*(?:\{\s*["}]|\[\s*["{[\]])/u,
    is: 'is not qcow2 but JSON, as a server sends it instead of a file',
    hint: lookAtIt,
  },
  {begins: /^$/u, is: 'is empty', hint: 'Copy or download it again.'},
]

/** What is not known may be a raw disk without a partition table. */
const unknown: Pick<Kind, 'is' | 'hint'> = {
  is: 'is not qcow2',
  hint: 'Convert it, naming its format: qemu-img convert -f raw -O qcow2 IMAGE NEW-IMAGE',
}

/** How much of a file's beginning tells what it is, in bytes. */
export const tellingLength = 32_774

/** What a file that is no qcow2 image seems to be. @param start its first bytes, `tellingLength` of them if it can be */
export function foreignFormat(path: string, start: Buffer): VmrunError {
  const text = start.toString('latin1')
  const {is, hint} =
    kinds.find(({begins, at}) =>
      typeof begins === 'string' ? text.startsWith(begins, at) : begins.test(text),
    ) ?? unknown
  return imageError(path, is, hint)
}

/** How to make an image that is not encrypted of one that is. @param source the encrypted one, as `--image-opts` */
export function decryptHint(source: string): string {
  const secret = '--object secret,id=key,file=FILE-WITH-ITS-PASSWORD'
  return `Decrypt it: qemu-img convert ${secret} --image-opts ${source} -O qcow2 NEW-IMAGE`
}
