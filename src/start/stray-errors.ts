import {realpathSync} from 'node:fs'
import type {Interfaces} from '@oclif/core'
import {VmrunError} from '../errors/errors.js'
import {messageOf} from '../errors/thrown.js'
import {showStack} from './show-error.js'
import {sourceStack} from './source-stack.js'

/** A plugin of somebody else's, and where it is. */
interface Origin {
  readonly name: string
  /** Its directory, as it was named and as it is really called. */
  readonly roots: readonly string[]
}

/**
 * Has this process go on when a plugin throws where nobody waits for it: in a timer of its own, or in a promise that it
 * forgot. What is vmrun's own mistake still ends it. Where there are no plugins, nothing is changed.
 *
 * @param tell is given a sentence about it
 */
export function surviveStrayErrors(
  {plugins, root}: Pick<Interfaces.Config, 'plugins' | 'root'>,
  tell: (text: string) => void,
): void {
  const origins = Array.from(plugins.values())
    .filter(({type}) => type === 'user' || type === 'link')
    .map(plugin => ({name: plugin.name, roots: [plugin.root, realPath(plugin.root)]}))
  if (origins.length === 0) {
    return
  }

  process.on('uncaughtException', (error: unknown) => {
    const stack = error instanceof Error ? (error.stack ?? '') : ''
    const origin = originOf(stack, origins)
    // What vmrun itself throws on purpose, a plugin has asked it for: an answer of QEMU, for one.
    if (origin === undefined && !(error instanceof VmrunError) && stack.includes(root)) {
      showStack(sourceStack(stack))
      process.exit(1)
    }

    tell(`${origin?.name ?? 'a plugin'} failed where nobody waited for it: ${messageOf(error)}`)
  })
}

/** The plugin whose code comes first in a stack trace. */
function originOf(stack: string, origins: readonly Origin[]): Origin | undefined {
  const lines = stack.split('\n').filter(line => line.trimStart().startsWith('at '))
  for (const line of lines) {
    const origin = origins.find(({roots}) => roots.some(root => line.includes(root)))
    if (origin !== undefined) {
      return origin
    }
  }

  return
}

function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}
