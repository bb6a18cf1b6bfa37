import {isUtf8} from 'node:buffer'
import {describeReadFailure, readAtMost} from '../host/read-file.js'
import type {Finding} from './problem.js'

/** The tree of a text takes many times the room of the text, and whatever is in it is looked at within seconds. */
const mostMebibytes = 16
const mebibyte = 2 ** 20
const byteOrderMark = '\uFEFF'

/** The text of a file of JSON as far as it could be read, and what was wrong on the way. */
export interface SourceText {
  /** Up to where it can be read. */
  readonly text: string
  /** Whether that is all. */
  readonly isWhole: boolean
  readonly findings: readonly Finding[]
}

const nothing = {text: '', isWhole: false} as const

/** The text of the file `path`, without a byte order mark. Never rejects: what goes wrong is a finding. */
export async function readSourceText(path: string): Promise<SourceText> {
  let bytes: Buffer
  try {
    bytes = await readAtMost(path, mostMebibytes * mebibyte)
  } catch (error) {
    return {...nothing, findings: [unreadable(error)]}
  }
  if (bytes.length > mostMebibytes * mebibyte) {
    const message = `the file is larger than ${mostMebibytes} MiB`
    return {
      ...nothing,
      findings: [{rule: 'vmrun/too-large', severity: 'error', message, hint: 'split it'}],
    }
  }
  return decode(bytes)
}

function unreadable(error: unknown): Finding {
  const message = `the instances file ${describeReadFailure(error)}`
  const hint = message.endsWith('does not exist')
    ? 'write it, by hand or with vmrun init, or name another one'
    : undefined
  return {rule: 'vmrun/unreadable-file', severity: 'error', message, hint}
}

function decode(bytes: Buffer): SourceText {
  const encoding = foreignEncoding(bytes)
  if (encoding !== undefined) {
    return {...nothing, findings: [notUtf8(`the file is not UTF-8: it is ${encoding}`, 0)]}
  }
  const text = bytes.toString('utf8')
  const mark = text.startsWith(byteOrderMark) ? byteOrderMark.length : 0
  return {
    text: text.slice(mark),
    isWhole: true,
    findings: [
      ...(mark === 0 ? [] : [markFound]),
      ...(isUtf8(bytes)
        ? []
        : [notUtf8('the file is not UTF-8: this byte begins no character', firstBad(bytes, text) - mark)]),
    ],
  }
}

/** What a file is that has hardly a byte in common with its text as UTF-8. */
function foreignEncoding(bytes: Buffer): string | undefined {
  const mark = bytes.subarray(0, 2).toString('latin1')
  if (mark === '\u00ff\u00fe' || mark === '\u00fe\u00ff') {
    return 'UTF-16'
  }
  return bytes.includes(0) ? 'binary' : undefined
}

/** The offset in `text`, which was made of `bytes`, of the first that is no UTF-8. */
function firstBad(bytes: Buffer, text: string): number {
  const replaced = Buffer.from(text)
  const differing = bytes.findIndex((byte, index) => byte !== replaced[index])
  const bad = bytes.subarray(0, differing === -1 ? bytes.length : differing)
  // A stream decoder keeps back the beginning of an unfinished character, so the place is where that one begins.
  return new TextDecoder('utf-8', {ignoreBOM: true}).decode(bad, {stream: true}).length
}

function notUtf8(message: string, offset: number): Finding {
  const at = {offset, length: 0}
  return {rule: 'vmrun/not-utf-8', severity: 'error', message, hint: 'save it as UTF-8', at}
}

const markFound: Finding = {
  rule: 'vmrun/byte-order-mark',
  severity: 'error',
  message: 'the file begins with a byte order mark, which JSON does not allow',
  hint: 'save it as UTF-8 without a byte order mark',
  at: {offset: 0, length: 0},
}
