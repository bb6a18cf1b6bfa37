import {isUtf8} from 'node:buffer'
import {describeReadFailure, readAtMost} from '../host/read-file.js'
import type {TextProblem} from './problem.js'

/** The tree of a text takes many times the room of the text, and whatever is in it is looked at within seconds. */
const mostMebibytes = 16
const mebibyte = 2 ** 20
const byteOrderMark = '\uFEFF'
/** What a decoder puts in the place of what is no UTF-8. */
const replacement = '\uFFFD'

/** The text of a file of JSON. */
export interface SourceText {
  /** Empty where it cannot be read. */
  readonly text: string
  /** Why it is no text of JSON, whatever is in it. */
  readonly problem?: TextProblem
}

/** Reads the file `path`. Never rejects: what goes wrong is a problem of the file. */
export async function readSourceText(path: string): Promise<SourceText> {
  let bytes: Buffer
  try {
    bytes = await readAtMost(path, mostMebibytes * mebibyte)
  } catch (error) {
    const message = `the instances file ${describeReadFailure(error)}`
    const hint = message.endsWith('does not exist')
      ? 'write it, by hand or with vmrun init, or name another one'
      : undefined
    return {text: '', problem: {rule: 'vmrun/unreadable-file', severity: 'error', message, hint}}
  }

  if (bytes.length > mostMebibytes * mebibyte) {
    const message = `the file is larger than ${mostMebibytes} MiB`
    return {text: '', problem: {rule: 'vmrun/too-large', severity: 'error', message, hint: 'split it'}}
  }

  const text = bytes.toString('utf8')
  const problem = isUtf8(bytes) ? markIn(text) : foreignByteIn(text)
  return problem === undefined ? {text} : {text, problem}
}

function foreignByteIn(text: string): TextProblem {
  return {
    rule: 'vmrun/not-utf-8',
    severity: 'error',
    message: 'the file is not UTF-8: this byte begins no character',
    hint: 'save it as UTF-8',
    at: {offset: text.indexOf(replacement), length: 0},
  }
}

function markIn(text: string): TextProblem | undefined {
  return text.startsWith(byteOrderMark)
    ? {
        rule: 'vmrun/byte-order-mark',
        severity: 'error',
        message: 'the file begins with a byte order mark, which JSON does not allow',
        hint: 'save it as UTF-8 without a byte order mark',
        at: {offset: 0, length: 0},
      }
    : undefined
}
