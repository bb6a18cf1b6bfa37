import {readFile} from 'node:fs/promises'
import type {Finding, Place} from './problem.js'
import {describeReadFailure} from './read-failure.js'

// V8 holds no string longer than half a gigabyte, and the positions take several times the room of the text.
const mostMebibytes = 128
const mebibyte = 2 ** 20
const lineEnd = /\r\n|\r|\n/u
const byteOrderMark = '\uFEFF'

/** The text of a file of JSON as far as it could be read, and what was wrong on the way. */
export interface SourceText {
  readonly text?: string
  readonly findings: readonly Finding[]
}

/** The text of the file `path`, without a byte order mark. Never rejects: what goes wrong is a finding. */
export async function readSourceText(path: string): Promise<SourceText> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (error) {
    return {findings: [unreadable(error)]}
  }
  if (bytes.length > mostMebibytes * mebibyte) {
    const message = `the file is larger than ${mostMebibytes} MiB`
    return {findings: [{severity: 'error', message, hint: 'split it'}]}
  }
  return decode(bytes)
}

/** The line and column of `offset` in `text`. Lines end as in JSON parsers and editors: by LF, CR LF or CR. */
export function placeAt(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split(lineEnd)
  return {line: lines.length, column: (lines.at(-1) ?? '').length + 1}
}

function unreadable(error: unknown): Finding {
  const message = `the instances file ${describeReadFailure(error)}`
  const hint = message.endsWith('does not exist') ? 'write it, or name another one with --file' : undefined
  return {severity: 'error', message, hint}
}

function decode(bytes: Buffer): SourceText {
  const text = bytes.toString('utf8')
  const replaced = Buffer.from(text)
  if (!replaced.equals(bytes)) {
    const differing = bytes.findIndex((byte, index) => byte !== replaced[index])
    const firstBad = differing === -1 ? bytes.length : differing
    // A stream decoder keeps back the beginning of an unfinished character, so the place is where that one begins.
    const before = new TextDecoder().decode(bytes.subarray(0, firstBad), {stream: true})
    const message = 'the file is not UTF-8: this byte begins no character'
    return {
      findings: [{severity: 'error', message, hint: 'save it as UTF-8', ...placeAt(before, before.length)}],
    }
  }
  if (!text.startsWith(byteOrderMark)) {
    return {text, findings: []}
  }
  const message = 'the file begins with a byte order mark, which JSON does not allow'
  const hint = 'save it as UTF-8 without a byte order mark'
  return {text: text.slice(1), findings: [{severity: 'error', message, hint, line: 1, column: 1}]}
}
