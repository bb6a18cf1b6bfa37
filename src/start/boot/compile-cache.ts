import {readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import zlib from 'node:zlib'
import {codeOf} from '../../errors/thrown.js'
import {pathIn} from '../../host/path-in.js'
import {trustedDirectory, trustedPath} from '../../host/trusted.js'
import {codeDirectory} from './code-directory.js'

/** What the build names itself: two builds never have the same. */
declare const BUILD: string

/** What makes another thing of a command, which calls other functions. */
const apart: ReadonlyMap<string, string> = new Map([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--dry-run', 'dry-run'],
])

/**
 * Keeps what V8 has compiled of vmrun's code for one command, between runs. It is as good as code: it is read only
 * where nobody but this user can have written it, and left alone everywhere else. Another build, Node or option of Node
 * makes it anew.
 */
export class CompileCache {
  readonly #directory: string
  readonly #file: string
  readonly #stamp: string

  /**
   * The cache for a command line; undefined where there is to be none: with `NODE_DISABLE_COMPILE_CACHE`, as for Node's
   * own, and where there is no place for it.
   *
   * @param code the file that is compiled
   */
  static find(
    words: readonly string[],
    code: string,
    environment: NodeJS.ProcessEnv,
  ): CompileCache | undefined {
    const directory = codeDirectory(environment)
    return environment['NODE_DISABLE_COMPILE_CACHE'] || directory === undefined
      ? undefined
      : new CompileCache(directory, commandOf(words), stampOf(code, environment))
  }

  private constructor(directory: string, command: string, stamp: string) {
    this.#directory = directory
    this.#file = pathIn(directory, `${command}.code`)
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
    } catch (error) {
      // Where it is there already, another vmrun writes the same.
      if (codeOf(error) === 'ENOSPC') {
        rmSync(this.#file, {force: true})
      }
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

/** What a command can be called, one of a plugin's too. A word that is none is not kept: it comes to nothing. */
const commandName = /^[a-z][a-z-]{0,31}$/u

/** A command by its name; the rest of what can be typed is one more. */
function commandOf(words: readonly string[]): string {
  const other = words.find(word => apart.has(word))
  const [first = ''] = words
  return apart.get(other ?? '') ?? (commandName.test(first) ? first : 'other')
}
