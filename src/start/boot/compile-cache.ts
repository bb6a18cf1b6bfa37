import {lstatSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import {codeOf} from '../../errors/errors.js'
import {pathIn} from '../../host/path-in.js'
import {trustedDirectory, trustedPath} from '../../host/trusted.js'
import {codeDirectory} from './code-directory.js'
import {pluginsTopic} from './prepare-process.js'

/** What the build names itself: two builds never have the same. */
declare const BUILD: string

/** The commands of vmrun, from the build. */
declare const COMMANDS: readonly string[]

/** What makes another thing of a command, which calls other functions. */
const apart: ReadonlyMap<string, string> = new Map([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--dry-run', 'dry-run'],
])

/** How many files are kept for one command: of other builds, Nodes, and options of Node. */
const mostFiles = 4

/**
 * Keeps what V8 has compiled of vmrun's code for one command, between runs. It is as good as code: it is read only
 * where nobody but this user can have written it, and left alone everywhere else.
 */
export class CompileCache {
  readonly #directory: string
  /** What the names of this command's files begin with. */
  readonly #prefix: string
  readonly #file: string
  readonly #stamp: string

  /**
   * The cache for a command line; undefined where there is to be none: with `NODE_DISABLE_COMPILE_CACHE`, as for Node's
   * own, where there is no place for it, and with a Node that has no checksum.
   *
   * @param code the file that is compiled
   */
  static find(
    words: readonly string[],
    code: string,
    environment: NodeJS.ProcessEnv,
  ): CompileCache | undefined {
    const directory = codeDirectory(environment)
    // New in Node 20.15 and 22.2.
    const hasChecksum = typeof zlib.crc32 === 'function'
    return environment['NODE_DISABLE_COMPILE_CACHE'] || directory === undefined || !hasChecksum
      ? undefined
      : new CompileCache(directory, commandOf(words), stampOf(code, environment))
  }

  private constructor(directory: string, command: string, stamp: string) {
    this.#directory = directory
    this.#prefix = `${command}-`
    this.#file = pathIn(directory, `${this.#prefix}${checksum(Buffer.from(stamp))}`)
    this.#stamp = stamp
  }

  /** What was kept; undefined where there is nothing, or not for this vmrun and this Node. */
  read(): Buffer | undefined {
    try {
      const file = trustedPath(this.#file)
      // A pipe would be waited for.
      if (file === undefined || !statSync(file).isFile()) {
        return
      }

      const content = readFileSync(file)
      const length = content.length - this.#seal(Buffer.alloc(0)).length
      const compiled = content.subarray(0, length)
      return content.subarray(length).equals(this.#seal(compiled)) ? compiled : undefined
    } catch {
      return
    }
  }

  /** Keeps it for the next run, mode 0600. What cannot be kept, or is not written to its end, is compiled again. */
  write(compile: () => Buffer): void {
    try {
      trustedDirectory(this.#directory)
      const compiled = compile()
      rmSync(this.#file, {force: true})
      writeFileSync(this.#file, Buffer.concat([compiled, this.#seal(compiled)]), {flag: 'wx', mode: 0o600})
      this.#removeOldest()
    } catch (error) {
      // Where it is there already, another vmrun writes the same.
      if (codeOf(error) === 'ENOSPC') {
        rmSync(this.#file, {force: true})
      }
    }
  }

  /** Removes what was kept for the same command the longest ago. */
  #removeOldest(): void {
    const siblings = readdirSync(this.#directory)
      .filter(name => name.startsWith(this.#prefix) && name.length === path.basename(this.#file).length)
      .map(name => pathIn(this.#directory, name))
      .map(name => ({name, changedAt: lstatSync(name).mtimeMs}))
      .toSorted((one, other) => other.changedAt - one.changedAt)
    for (const {name} of siblings.slice(mostFiles)) {
      rmSync(name, {force: true})
    }
  }

  /**
   * What a file ends in, so that what comes before stays aligned in memory. V8 does not look at what it is given: a
   * damaged file would end the process, and every one after it.
   */
  #seal(compiled: Buffer): Buffer {
    return Buffer.from(`${checksum(compiled)} ${this.#stamp}\n`)
  }
}

/** What compiled code belongs to: a build of vmrun, and a Node with its options. What else V8 depends on, it checks. */
function stampOf(code: string, {NODE_OPTIONS: options = ''}: NodeJS.ProcessEnv): string {
  const {size, mtimeMs} = statSync(code)
  const {version, arch, execArgv} = process
  return JSON.stringify([BUILD, size, mtimeMs, version, arch, ...execArgv, options])
}

function checksum(bytes: Buffer): string {
  return zlib.crc32(bytes).toString(16).padStart(8, '0')
}

/** A command by its name; the rest of what can be typed is one more. */
function commandOf(words: readonly string[]): string {
  const other = words.find(word => apart.has(word))
  const [first = ''] = words
  return apart.get(other ?? '') ?? (COMMANDS.includes(first) || first === pluginsTopic ? first : 'other')
}
