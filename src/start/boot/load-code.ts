import {readFileSync} from 'node:fs'
import Module from 'node:module'
import path from 'node:path'
import {Script} from 'node:vm'
import type {Command} from '@oclif/core'
import {usageExitCode} from '../exit-codes.js'
import {compileCache} from './compile-cache.js'

/** vmrun's one file of code: each of the modules that are asked for by name is run when it is first asked for. */
export interface Code {
  readonly 'start/start': typeof import('../start.js')
  readonly [command: `commands/${string}`]: {readonly default: Command.Class} | undefined
}

/** What a file's code is called with: what Node gives to a CommonJS module, and how it imports those of others. */
const parameters = 'exports, require, module, __filename, __dirname, importModule'

/**
 * Loads vmrun's code, compiled by an earlier run where there was one.
 *
 * Node's own compile cache, which is new in Node 22, keeps what the first run of all compiled; this one keeps it for
 * each command apart, and works with Node 20 too.
 *
 * @param words the command line, by which it is known what will be run of it
 */
export function loadCode(words: readonly string[]): Code {
  const file = path.join(__dirname, 'vmrun.cjs')
  const cache = compileCache(words, file, process.env)
  const compiled = cache?.read()
  const script = new Script(`(function (${parameters}) {${readFileSync(file, 'latin1')}\n})`, {
    filename: file,
    ...(compiled && {cachedData: compiled}),
  })
  if (cache !== undefined && (compiled === undefined || script.cachedDataRejected)) {
    // By then the functions that this command calls are compiled, unless it came to nothing.
    process.on('exit', exitCode => {
      if (exitCode !== usageExitCode) {
        cache.write(() => script.createCachedData())
      }
    })
  }

  const code = Object.assign(new Module(file, module), {filename: file, loaded: true})
  // What is loaded from elsewhere, a plugin's own import of vmrun for one, finds this very code.
  require.cache[file] = code
  script.runInThisContext()(code.exports, require, code, file, __dirname, (name: string) => import(name))
  return code.exports
}
