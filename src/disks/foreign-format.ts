import type {VmrunError} from '../errors/errors.js'
import {imageError} from './image-error.js'

/** How a kind of file that is no qcow2 image begins, and what to do with it. */
interface Signature {
  readonly offset?: number
  readonly bytes: string | readonly number[]
  readonly is: string
  readonly hint: string
}

const convert = (format: string): string =>
  `Convert it: qemu-img convert -f ${format} -O qcow2 IMAGE NEW-IMAGE`

const unpack = (command: string): string => `Unpack it: ${command}`

/** The first that fits counts. Offsets in bytes; a text stands for its bytes. */
const signatures: readonly Signature[] = [
  {bytes: [0x1f, 0x8b], is: 'is compressed with gzip', hint: unpack('gzip -d IMAGE.gz')},
  {bytes: [0xfd, ...ascii('7zXZ'), 0], is: 'is compressed with xz', hint: unpack('xz -d IMAGE.xz')},
  {bytes: [0x28, 0xb5, 0x2f, 0xfd], is: 'is compressed with zstd', hint: unpack('zstd -d IMAGE.zst')},
  {bytes: 'BZh', is: 'is compressed with bzip2', hint: unpack('bzip2 -d IMAGE.bz2')},
  {bytes: 'PK\u0003\u0004', is: 'is a zip archive', hint: unpack('unzip IMAGE.zip')},
  {offset: 257, bytes: 'ustar', is: 'is a tar archive, as of an OVA', hint: unpack('tar -xf IMAGE.tar')},
  {
    bytes: [...ascii('LUKS'), 0xba, 0xbe],
    is: 'is encrypted by LUKS',
    hint: decryptHint('driver=luks,key-secret=key,file.filename=IMAGE'),
  },
  {bytes: 'KDMV', is: 'is not qcow2: it looks like a VMware disk (vmdk)', hint: convert('vmdk')},
  {bytes: 'COWD', is: 'is not qcow2: it looks like a VMware disk (vmdk)', hint: convert('vmdk')},
  {
    bytes: '# Disk DescriptorFile',
    is: 'is not qcow2: it looks like the description of a VMware disk (vmdk)',
    hint: convert('vmdk'),
  },
  {
    offset: 64,
    bytes: [0x7f, 0x10, 0xda, 0xbe],
    is: 'is not qcow2: it looks like a VirtualBox disk (vdi)',
    hint: convert('vdi'),
  },
  {bytes: 'vhdxfile', is: 'is not qcow2: it looks like a Hyper-V disk (vhdx)', hint: convert('vhdx')},
  {bytes: 'conectix', is: 'is not qcow2: it looks like a Virtual PC disk (vhd)', hint: convert('vpc')},
  {bytes: 'QED\0', is: 'is not qcow2: it looks like a QED image', hint: convert('qed')},
  {
    bytes: [...ascii('QFI'), 0xfb, 0, 0, 0, 1],
    is: 'is not qcow2: it looks like its forerunner, qcow',
    hint: convert('qcow'),
  },
  {
    offset: 32_769,
    bytes: 'CD001',
    is: 'is not qcow2: it looks like a CD-ROM (ISO 9660)',
    hint: `${convert('raw')}. One that installs a system is no system yet: install it onto a disk image first.`,
  },
  {offset: 510, bytes: [0x55, 0xaa], is: 'is not qcow2: it looks like a raw disk', hint: convert('raw')},
]

/** What a text is that was saved in an image's place; as in the former list. */
const texts: readonly {readonly begins: RegExp; readonly is: string; readonly hint: string}[] = [
  {
    // The specification of Git LFS, docs/spec.md.
    begins: /^version https:\/\/git-lfs\.github\.com\//u,
    is: 'is not qcow2 but a pointer of Git LFS, which stands for the image',
    hint: 'Get the image itself: git lfs pull',
  },
  {
    begins: /^\s*(?:<\?xml\b[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b/iu,
    is: 'is not qcow2 but an HTML page, as a server sends it instead of a file',
    hint: 'Look at it, and download the image again from where it really is.',
  },
  {
    begins: /^\s*(?:\{\s*["}]|\[\s*["{[\]])/u,
    is: 'is not qcow2 but JSON, as a server sends it instead of a file',
    hint: 'Look at it, and download the image again from where it really is.',
  },
]

/** How much of a text is looked at, in bytes. */
const longestBeginning = 1024

/** How much of a file's beginning tells what it is, in bytes. */
export const tellingLength = 32_774

/** What a file that is no qcow2 image seems to be. @param start its first bytes, `tellingLength` of them if it can be */
export function foreignFormat(path: string, start: Buffer): VmrunError {
  if (start.length === 0) {
    return imageError(path, 'is empty', 'Copy or download it again.')
  }

  const text = start.toString('latin1', 0, longestBeginning)
  const found =
    signatures.find(signature => begins(start, signature)) ?? texts.find(one => one.begins.test(text))
  const {is, hint} = found ?? {
    is: 'is not qcow2',
    hint: 'Convert it, naming its format: qemu-img convert -f raw -O qcow2 IMAGE NEW-IMAGE',
  }
  return imageError(path, is, hint)
}

/** How to make an image that is not encrypted of one that is. @param source the encrypted one, as `--image-opts` */
export function decryptHint(source: string): string {
  const secret = '--object secret,id=key,file=FILE-WITH-ITS-PASSWORD'
  return `Decrypt it: qemu-img convert ${secret} --image-opts ${source} -O qcow2 NEW-IMAGE`
}

function begins(start: Buffer, {offset = 0, bytes}: Signature): boolean {
  const expected = typeof bytes === 'string' ? ascii(bytes) : bytes
  return start.subarray(offset, offset + expected.length).equals(Buffer.from(expected))
}

function ascii(text: string): readonly number[] {
  return Array.from(Buffer.from(text, 'latin1'))
}
