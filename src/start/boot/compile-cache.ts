import {readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {homedir} from 'node:os'
import path from 'node:path'
import zlib from 'node:zlib'
import {attempt, codeOf} from '../../errors/errors.js'
import {pathIn} from '../../host/path-in.js'
import {trustedDirectory, trustedPath} from '../../host/trusted.js'

/** What the build names itself: two builds never have the same. */
declare const BUILD: string

/** What makes another thing of a command, which calls other functions. */
const apart: ReadonlyMap<string, string> = new Map([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--dry-run', 'dry-run'],
])

/** What V8 has compiled of vmrun's code for one command. */
interface CompileCache {
  /** What was kept; undefined where there is nothing, or not for this vmrun and this Node. */
  readonly read: () => Buffer | undefined
  /** Keeps it for the next run, mode 0600. What cannot be kept, or is not written to its end, is compiled again. */
  readonly write: (compile: () => Buffer) => void
}

/**
 * Keeps between runs what V8 has compiled for a command line. It is as good as code: it is read only where nobody but this
 * user can have written it, and left alone everywhere else. Another build, Node or option of Node makes it anew.
 *
 * @param code the file that is compiled
 * @returns undefined where nothing is to be kept: with `NODE_DISABLE_COMPILE_CACHE`, as for Node's own, and where there is
 *   no place for it
 */
export function compileCache(
  words: readonly string[],
  code: string,
  environment: NodeJS.ProcessEnv,
): CompileCache | undefined {
  const directory = codeDirectory(environment)
  if (environment['NODE_DISABLE_COMPILE_CACHE'] || directory === undefined) {
    return
  }

  const file = pathIn(directory, `${commandOf(words)}.code`)
  const stamp = stampOf(code, environment)
  // What a file ends in, so that what comes before stays aligned in memory. V8 does not look at what it is given: a damaged
  // file would end the process, and every one after it.
  const seal = (compiled: Buffer): Buffer => Buffer.from(`${checksum(compiled)} ${stamp}\n`)
  return {
    read: () =>
      attempt(() => {
        const trusted = trustedPath(file)
        // A pipe would be waited for.
        if (trusted === undefined || !statSync(trusted).isFile()) {
          return
        }

        const content = readFileSync(trusted)
        const compiled = content.subarray(0, content.length - seal(Buffer.alloc(0)).length)
        return content.subarray(compiled.length).equals(seal(compiled)) ? compiled : undefined
      }),
    write: compile => {
      try {
        trustedDirectory(directory)
        const compiled = compile()
        rmSync(file, {force: true})
        writeFileSync(file, Buffer.concat([compiled, seal(compiled)]), {flag: 'wx', mode: 0o600})
      } catch (error) {
        // Where it is there already, another vmrun writes the same.
        if (codeOf(error) === 'ENOSPC') {
          rmSync(file, {force: true})
        }
      }
    },
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

/**
 * Where compiled code is kept: in the cache directory, as oclif finds it, which is not loaded yet.
 *
 * @returns undefined where that has no absolute path
 */
function codeDirectory(environment: NodeJS.ProcessEnv): string | undefined {
  const {VMRUN_CACHE_DIR: named, XDG_CACHE_HOME: caches, HOME: home} = environment
  const own = process.platform === 'darwin' ? 'Library/Caches' : '.cache'
  const directory = pathIn(named || pathIn(caches || pathIn(home || homedir(), own), 'vmrun'), 'code')
  return path.isAbsolute(directory) ? directory : undefined
}
