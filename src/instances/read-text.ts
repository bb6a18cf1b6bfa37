import {isUtf8} from 'node:buffer'
import {describeReadFailure, readAtMost} from '../host/read-file.js'
import {errorAt, type TextProblem} from './problem.js'

/** The tree of a text takes many times the room of the text, and whatever is in it is looked at within seconds. */
const mostMebibytes = 16
const mostBytes = mostMebibytes * 2 ** 20

/** The text of a file that goes by a name, empty where it cannot be read, and why it is no text of JSON, whatever is in it. */
export async function readText(
  path: string,
  name: string,
): Promise<{readonly text: string; readonly problem?: TextProblem}> {
  let bytes: Buffer
  try {
    bytes = await readAtMost(path, mostBytes)
  } catch (error) {
    const message = `${name} ${describeReadFailure(error)}`
    const isMissing = message.endsWith('does not exist')
    const hint = isMissing ? 'write it, or name another one; vmrun init writes an instances file' : undefined
    return {text: '', problem: errorAt(undefined, 'vmrun/unreadable-file', message, {hint})}
  }

  if (bytes.length > mostBytes) {
    const message = `the file is larger than ${mostMebibytes} MiB`
    return {text: '', problem: errorAt(undefined, 'vmrun/too-large', message, {hint: 'make it smaller'})}
  }

  const text = bytes.toString('utf8')
  if (!isUtf8(bytes)) {
    // A decoder puts this in the place of what is no UTF-8.
    const at = {offset: text.indexOf('\uFFFD'), length: 0}
    const message = 'the file is not UTF-8: this byte begins no character'
    return {text, problem: errorAt(at, 'vmrun/not-utf-8', message, {hint: 'save it as UTF-8'})}
  }

  if (text.startsWith('\uFEFF')) {
    const message = 'the file begins with a byte order mark, which JSON does not allow'
    const hint = 'save it as UTF-8 without a byte order mark'
    return {text, problem: errorAt({offset: 0, length: 0}, 'vmrun/byte-order-mark', message, {hint})}
  }

  return {text}
}
