import type {Dispute} from './collect.js'
import type {FailedPlugin} from './loaded-plugin.js'
import type {Misplaced} from './step-order.js'

/** Something that some plugins do not contribute, although they would. */
export interface PluginProblem {
  /** The names of the plugins. */
  readonly plugins: readonly string[]
  readonly message: string
  readonly hint?: string | undefined
}

/** A plugin that could not be loaded. */
export function failureProblem({name, version, failure: {message, hint}}: FailedPlugin): PluginProblem {
  return {
    plugins: [name],
    message: `plugin ${name} ${version} could not be loaded: ${message}`,
    hint: hint ?? `Mend it, or remove it: vmrun plugins uninstall ${name}`,
  }
}

/** A name that several plugins claim. */
export function disputeProblem({name, kind, plugins, isOwn}: Dispute): PluginProblem {
  const others = isOwn ? plugins.filter(plugin => plugin !== 'vmrun') : plugins
  const uninstall = `vmrun plugins uninstall ${others.join(' ')}`
  if (isOwn) {
    return {
      plugins: others,
      message: `the ${kind} "${name}" is vmrun's own: that of ${others.join(' and ')} is left out`,
      hint: `Mend ${others.length === 1 ? 'it, or remove it' : 'them, or remove them'}: ${uninstall}`,
    }
  }

  return others.length === 1
    ? {
        plugins: others,
        message: `the ${kind} "${name}" is contributed by ${others.join('')} more than once: it is left out`,
        hint: `Mend it, or remove it: ${uninstall}`,
      }
    : {
        plugins: others,
        message: `the ${kind} "${name}" is contributed by ${others.join(' and by ')}: it is left out`,
        hint: `Remove all but one of them: ${uninstall}`,
      }
}

/** A step that has no place. */
export function misplacedProblem({claim: {plugin}, message}: Misplaced): PluginProblem {
  return {plugins: [plugin.name], message: `plugin ${plugin.name}: ${message}`}
}
