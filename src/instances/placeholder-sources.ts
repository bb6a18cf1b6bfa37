import {createReadStream} from 'node:fs'
import {resolve} from 'node:path'
import {buffer} from 'node:stream/consumers'
import {UsageError} from '../errors.js'
import {printable} from '../text/printable.js'
import {describeReadFailure} from './read-failure.js'

/**
 * Finds out the text that a placeholder with this argument stands for. Rejects with an error whose message says what
 * was looked for and why it was not found, and holds no secret.
 */
type PlaceholderSource = (argument: string) => Promise<string>

/** The sources of placeholders, by their names. */
export type PlaceholderSources = ReadonlyMap<string, PlaceholderSource>

/** What the built-in sources of placeholders read from. */
export interface PlaceholderSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** What the paths of files are relative to: the directory of the instances file. */
  readonly directory: string
}

const mebibyte = 2 ** 20
const mostMebibytes = 16
const trailingNewline = /\r?\n$/u

/** The sources that vmrun brings along: `env`, an environment variable, and `file`, the text of a file. */
export function builtInPlaceholders({env, directory}: PlaceholderSurroundings): PlaceholderSources {
  return new Map<string, PlaceholderSource>([
    ['env', name => readVariable(env, name)],
    ['file', path => readTextFile(resolve(directory, path))],
  ])
}

function readVariable(env: PlaceholderSurroundings['env'], name: string): Promise<string> {
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  return value === undefined
    ? Promise.reject(new UsageError(`the environment variable ${printable(name)} is not set`))
    : Promise.resolve(value)
}

/** The text of the file `path` without the one newline that editors and `echo` put at its end. */
async function readTextFile(path: string): Promise<string> {
  const file = `the file ${printable(path)}`
  const bytes = await readBytes(path).catch((error: unknown) => {
    throw new UsageError(`${file} ${describeReadFailure(error)}`, {cause: error})
  })
  if (bytes.length > mostMebibytes * mebibyte) {
    throw new UsageError(`${file} is larger than ${mostMebibytes} MiB`)
  }
  const text = bytes.toString('utf8')
  if (!Buffer.from(text).equals(bytes)) {
    throw new UsageError(`${file} is not UTF-8 text`)
  }
  return text.replace(trailingNewline, '')
}

/** No more than one byte above the limit: enough to tell, however much the file or device has. */
async function readBytes(path: string): Promise<Buffer> {
  return await buffer(createReadStream(path, {end: mostMebibytes * mebibyte}))
}
