import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import {crc32} from 'node:zlib'
import {codeDirectory, isOwnDirectory, makeOwnDirectory} from './code-directory.js'

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

const writableByOthers = 0o022

/** What belongs to a build of vmrun under a Node; what V8 itself depends on, it checks by itself. */
const stamp = `${BUILD} ${process.version} ${process.arch}`

/**
 * What a file ends in, so that what comes before stays aligned in memory. V8 does not look at what it is given: a damaged
 * file would end the process, and every one after it.
 */
function sealOf(compiled: Buffer): Buffer {
  return Buffer.from(`${crc32(compiled).toString(16).padStart(8, '0')} ${stamp}\n`)
}

const sealLength = sealOf(Buffer.alloc(0)).length

/**
 * Keeps what V8 has compiled of vmrun's code for one command, between runs. It is as good as code: it is read only
 * where nobody but this user can have written it, and left alone everywhere else.
 */
export class CompileCache {
  readonly #file: string

  /**
   * The cache for a command line; undefined where there is to be none: with `NODE_DISABLE_COMPILE_CACHE`, as for Node's
   * own, and where there is no place for it.
   */
  static find(words: readonly string[], environment: NodeJS.ProcessEnv): CompileCache | undefined {
    if (environment['NODE_DISABLE_COMPILE_CACHE']) {
      return
    }

    const directory = codeDirectory(environment)
    const [major] = process.versions.node.split('.')
    return directory === undefined
      ? undefined
      : new CompileCache(path.join(directory, `${commandOf(words)}-node${major}`))
  }

  private constructor(file: string) {
    this.#file = file
  }

  /** What was kept; undefined where there is nothing, or not for this vmrun and this Node. */
  read(): Buffer | undefined {
    try {
      if (!isOwnDirectory(path.dirname(this.#file))) {
        return
      }

      const content = readOwn(this.#file)
      const compiled = content.subarray(0, -sealLength)
      return content.subarray(-sealLength).equals(sealOf(compiled)) ? compiled : undefined
    } catch {
      return
    }
  }

  /** Keeps it for the next run, mode 0600. What cannot be kept is compiled again. */
  write(compiled: Buffer): void {
    // One for all who write it: should one be killed just then, it is the only one that is left.
    const draft = `${this.#file}.draft`
    try {
      makeOwnDirectory(path.dirname(this.#file))
      removeOld(draft)
      writeFileSync(draft, Buffer.concat([compiled, sealOf(compiled)]), {flag: 'wx', mode: 0o600})
      renameSync(draft, this.#file)
    } catch {
      // Another vmrun writes the same, or there is no place for it.
    }
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
  return apart.get(other ?? '') ?? (COMMANDS.includes(first) ? first : 'other')
}

/** @throws where others could have written it */
function readOwn(file: string): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  try {
    const {uid, mode} = fstatSync(descriptor)
    if (uid !== process.getuid?.() || (mode & writableByOthers) !== 0) {
      throw new Error('it is for others to write')
    }

    return readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
