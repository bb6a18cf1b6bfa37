import type {Dispute} from './collect.js'
import type {FailedPlugin} from './loaded-plugin.js'
import type {Misplaced} from './step-order.js'

/** Something that some plugins do not contribute, although they would. */
export interface PluginProblem {
  /** The names of the plugins. */
  readonly plugins: readonly string[]
  readonly message: string
  readonly hint?: string | undefined
  /** What of a plugin that was loaded is left out, and why: the message for where the plugin is already named. */
  readonly leftOut?: string
}

/** What comes of a plugin that failed, and why, in words that go on from its name. */
export function describeFailure({failure: {outcome = 'could not be loaded', message}}: FailedPlugin): string {
  return `${outcome}: ${message}`
}

/** A plugin that failed. */
export function failureProblem(plugin: FailedPlugin): PluginProblem {
  const {name, version, failure} = plugin
  return {
    plugins: [name],
    message: `plugin ${name} ${version} ${describeFailure(plugin)}`,
    hint: failure.hint ?? `Mend it, or remove it: vmrun plugins uninstall ${name}`,
  }
}

/** A name that several plugins claim. */
export function disputeProblem({name, kind, plugins, isOwn}: Dispute): PluginProblem {
  const others = isOwn ? plugins.filter(plugin => plugin !== 'vmrun') : plugins
  const uninstall = `vmrun plugins uninstall ${others.join(' ')}`
  if (isOwn) {
    const leftOut = `the ${kind} "${name}" is vmrun's own`
    return {
      plugins: others,
      leftOut,
      message: `${leftOut}: that of ${others.join(' and ')} is left out`,
      hint: `Mend ${others.length === 1 ? 'it, or remove it' : 'them, or remove them'}: ${uninstall}`,
    }
  }

  const isAlone = others.length === 1
  const leftOut = `the ${kind} "${name}" is contributed by ${others.join(' and by ')}${isAlone ? ' more than once' : ''}`
  return {
    plugins: others,
    leftOut,
    message: `${leftOut}: it is left out`,
    hint: `${isAlone ? 'Mend it, or remove it' : 'Remove all but one of them'}: ${uninstall}`,
  }
}

/** A step that has no place. */
export function misplacedProblem({claim: {plugin}, message}: Misplaced): PluginProblem {
  return {plugins: [plugin.name], leftOut: message, message: `plugin ${plugin.name}: ${message}`}
}
