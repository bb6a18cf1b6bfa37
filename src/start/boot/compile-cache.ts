import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import {codeOf} from '../../errors/thrown.js'
import {pathIn} from '../../host/path-in.js'
import {trustedDirectory, trustedPath} from '../../host/trusted.js'
import {codeDirectory} from './code-directory.js'
import {pluginsTopic} from './prepare-process.js'

/** What the build names itself: two builds never have the same. */
declare const BUILD: string

/** The commands of vmrun, from the build. */
declare const COMMANDS: readonly string[]

/** How long it may take to write a file, in milliseconds: it takes a few. */
const draftLimit = 60_000

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
    this.#file = pathIn(directory, `${command}-${checksum(Buffer.from(stamp))}`)
    this.#stamp = stamp
  }

  /** What was kept; undefined where there is nothing, or not for this vmrun and this Node. */
  read(): Buffer | undefined {
    try {
      const file = trustedPath(this.#file)
      if (file === undefined) {
        return
      }

      const content = readFile(file)
      const length = content.length - this.#seal(Buffer.alloc(0)).length
      const compiled = content.subarray(0, length)
      return content.subarray(length).equals(this.#seal(compiled)) ? compiled : undefined
    } catch {
      return
    }
  }

  /** Keeps it for the next run, mode 0600. What cannot be kept is compiled again. */
  write(compile: () => Buffer): void {
    // One for all who write it: should one be killed just then, it is the only one that is left.
    const draft = `${this.#file}.draft`
    try {
      trustedDirectory(path.dirname(this.#file))
      removeOld(draft)
      const compiled = compile()
      writeFileSync(draft, Buffer.concat([compiled, this.#seal(compiled)]), {flag: 'wx', mode: 0o600})
      renameSync(draft, this.#file)
      removeOldest(this.#file)
    } catch (error) {
      // Where it is there already, another vmrun writes the same.
      if (codeOf(error) !== 'EEXIST') {
        removeIfThere(draft)
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

/** Removes what was kept for the same command the longest ago. */
function removeOldest(file: string): void {
  const directory = path.dirname(file)
  const {command} = siblingName.exec(path.basename(file))?.groups ?? {}
  const siblings = readdirSync(directory)
    .filter(name => siblingName.exec(name)?.groups?.['command'] === command)
    .map(name => pathIn(directory, name))
    .map(name => ({name, age: Date.now() - lstatSync(name).mtimeMs}))
    .toSorted((one, other) => one.age - other.age)
  for (const {name} of siblings.slice(mostFiles)) {
    rmSync(name, {force: true})
  }
}

/** A command may have hyphens of its own. */
const siblingName = /^(?<command>[a-z-]+)-[0-9a-f]{8}$/u

/** Removes what could not be written to its end, on a full disk for one. */
function removeIfThere(draft: string): void {
  try {
    rmSync(draft, {force: true})
  } catch {
    // Where nothing can be written there is nothing.
  }
}

/** Removes a draft that nobody writes any more. */
function removeOld(draft: string): void {
  const found = lstatSync(draft, {throwIfNoEntry: false})
  if (found !== undefined && Date.now() - found.mtimeMs > draftLimit) {
    rmSync(draft, {force: true})
  }
}

/** A command by its name; the rest of what can be typed is one more. */
function commandOf(words: readonly string[]): string {
  const other = words.find(word => apart.has(word))
  const [first = ''] = words
  return apart.get(other ?? '') ?? (COMMANDS.includes(first) || first === pluginsTopic ? first : 'other')
}

/** @throws where it is anything else, such as a pipe, which is not waited for */
function readFile(file: string): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (!fstatSync(descriptor).isFile()) {
      throw new Error('it is no file')
    }

    return readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
