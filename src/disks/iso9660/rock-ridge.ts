import {bothByteOrders32, recordDate} from './fields.js'

const REGULAR_FILE = 0o10_0000
const DIRECTORY = 0o04_0000

/**
 * The System Use of the root directory's own record. SP must come first, and there (SUSP, 5.3); ER says that Rock
 * Ridge follows (SUSP, 5.5). All of it fits into the record: no continuation area.
 */
export function rootSystemUse(modified: Date): Buffer {
  return Buffer.concat([SHARING_PROTOCOL, parentSystemUse(modified), EXTENSION_REFERENCE])
}

/** The System Use of the root directory's record of its parent, which is the root directory itself. */
export function parentSystemUse(modified: Date): Buffer {
  return Buffer.concat([posixAttributes(DIRECTORY | 0o500, 2), timestamps(modified)])
}

/** The System Use of a file's record: root's, and readable by nobody else. */
export function fileSystemUse(name: string, modified: Date): Buffer {
  return Buffer.concat([posixAttributes(REGULAR_FILE | 0o400, 1), timestamps(modified), alternateName(name)])
}

/** A System Use entry of version 1 (SUSP, 4.1). */
function entry(signature: string, ...content: readonly Buffer[]): Buffer {
  const length = 4 + content.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([Buffer.from(signature, 'ascii'), Buffer.from([length, 1]), ...content])
}

/** SP: two check bytes, and no bytes to skip before the entries of any record (SUSP, 5.3). */
const SHARING_PROTOCOL = entry('SP', Buffer.from([0xbe, 0xef, 0]))

/** ER with the values for Rock Ridge; its two texts are free, the first is the recommended one (RRIP 1.10, 4.3). */
const EXTENSION_TEXTS = [
  'RRIP_1991A',
  'THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS',
  'ROCK RIDGE INTERCHANGE PROTOCOL, VERSION 1.10',
]
const EXTENSION_REFERENCE = entry(
  'ER',
  Buffer.from([...EXTENSION_TEXTS.map(text => text.length), 1]),
  Buffer.from(EXTENSION_TEXTS.join(''), 'ascii'),
)

/** PX: mode and links of something that root owns. `RRIP_1991A` has no serial number in it (RRIP 1.10, 4.1.1). */
function posixAttributes(mode: number, links: number): Buffer {
  const [user, group] = [0, 0]
  return entry('PX', ...[mode, links, user, group].map(bothByteOrders32))
}

/** NM: the name as it is, in one piece (RRIP 1.10, 4.1.4). */
function alternateName(name: string): Buffer {
  return entry('NM', Buffer.from([0]), Buffer.from(name, 'utf8'))
}

/** TF: modified, last read and attributes changed, as short dates (RRIP 1.10, 4.1.6). */
function timestamps(modified: Date): Buffer {
  const modifyAccessAttributes = 0b1110
  const date = recordDate(modified)
  return entry('TF', Buffer.from([modifyAccessAttributes]), date, date, date)
}
