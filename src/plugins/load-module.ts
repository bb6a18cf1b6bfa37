import {readdir} from 'node:fs/promises'
import path from 'node:path'
import type {Interfaces} from '@oclif/core'

import {HostError} from '../errors/errors.js'
import {codeOf, messageOf} from '../errors/thrown.js'

/** What oclif writes before Node's own words, which name the file. */
const prefix = /^\[MODULE_NOT_FOUND\] (?:import\(\)|require) failed to load .*?: (?=Cannot find )/su

/**
 * Loads a module that a package names for a hook.
 *
 * @param target as its package.json names it
 * @throws HostError when it is not there, or another module that it needs; else what the module throws
 */
export async function loadModule(plugin: Interfaces.Plugin, hook: string, target: string): Promise<unknown> {
  try {
    const {ModuleLoader} = await import('@oclif/core')
    return await ModuleLoader.load(plugin, target)
  } catch (error) {
    if (codeOf(error) !== 'MODULE_NOT_FOUND') {
      throw error
    }

    const file = path.resolve(plugin.root, target)
    if (await exists(file)) {
      throw new HostError(messageOf(error).replace(prefix, ''), {cause: error})
    }

    throw new HostError(`${file}, which its hook "${hook}" names, does not exist`, {
      cause: error,
      hint: 'Its author: build it (npm run build), or mend the path in package.json.',
    })
  }
}

/** As oclif looks for it: with any ending where none is named. */
async function exists(file: string): Promise<boolean> {
  const {dir, base} = path.parse(file)
  const names = await readdir(dir).catch(() => [])
  return names.some(name => name === base || path.parse(name).name === base)
}
