import {isUtf8} from 'node:buffer'
import {describeReadFailure, readAtMost} from '../host/read-file.js'
import {errorAt, type TextProblem} from './problem.js'

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
  const most = mostMebibytes * mebibyte
  let bytes: Buffer
  try {
    bytes = await readAtMost(path, most)
  } catch (error) {
    const message = `the instances file ${describeReadFailure(error)}`
    const isMissing = message.endsWith('does not exist')
    const hint = isMissing ? 'write it, by hand or with vmrun init, or name another one' : undefined
    return {text: '', problem: errorAt(undefined, 'vmrun/unreadable-file', message, {hint})}
  }

  if (bytes.length > most) {
    const message = `the file is larger than ${mostMebibytes} MiB`
    return {text: '', problem: errorAt(undefined, 'vmrun/too-large', message, {hint: 'split it'})}
  }

  const text = bytes.toString('utf8')
  if (!isUtf8(bytes)) {
    const at = {offset: text.indexOf(replacement), length: 0}
    const message = 'the file is not UTF-8: this byte begins no character'
    return {text, problem: errorAt(at, 'vmrun/not-utf-8', message, {hint: 'save it as UTF-8'})}
  }

  if (text.startsWith(byteOrderMark)) {
    const at = {offset: 0, length: 0}
    const message = 'the file begins with a byte order mark, which JSON does not allow'
    const hint = 'save it as UTF-8 without a byte order mark'
    return {text, problem: errorAt(at, 'vmrun/byte-order-mark', message, {hint})}
  }

  return {text}
}
