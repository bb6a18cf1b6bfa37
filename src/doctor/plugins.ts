import type {Plugin} from '../contract/plugin.js'
import type {FailedPlugin, LoadedPlugin, PluginProblem} from '../plugins/loaded-plugin.js'
import type {Registry} from '../plugins/registry.js'
import type {Finding} from './finding.js'

/** Looks at every plugin that is not vmrun's own: what it contributes, and what of that cannot be used. */
export function examinePlugins({
  plugins,
  problems,
}: Pick<Registry, 'plugins' | 'problems'>): readonly Finding[] {
  return plugins
    .filter(({isOwn}) => !isOwn)
    .map(plugin =>
      findingOf(
        plugin,
        problems.filter(problem => problem.plugins.includes(plugin.name)),
      ),
    )
}

function findingOf(plugin: LoadedPlugin | FailedPlugin, problems: readonly PluginProblem[]): Finding {
  const {name, version} = plugin
  const look = {check: 'plugin', subject: name, version} as const
  const hint = problems.flatMap(problem => problem.hint ?? []).join('\n') || undefined
  if ('failure' in plugin) {
    return {...look, state: 'missing', message: `could not be loaded: ${plugin.failure.message}`, hint}
  }

  const contributes = namesIn(plugin.definition)
  const found = {...look, contributes}
  const message = `${version}: ${inWords(contributes)}`
  if (problems.length === 0) {
    return {...found, state: 'good', message}
  }

  const leftOut = problems.map(problem => problem.leftOut ?? problem.message).join('; ')
  return {...found, state: 'poor', message: `${message}. Left out: ${leftOut}`, hint}
}

/** The names of what a plugin contributes, by the members of its definition. */
function namesIn(definition: Plugin): Readonly<Record<string, readonly string[]>> {
  const {architectures, configDisks, steps, placeholders, instanceKeys} = definition
  const all = {architectures, configDisks, steps, placeholders, instanceKeys}
  return Object.fromEntries(
    Object.entries(all).flatMap(([member, things]) =>
      things === undefined || things.length === 0 ? [] : [[member, things.map(({name}) => name)]],
    ),
  )
}

const words = new Map([
  ['architectures', 'architecture'],
  ['configDisks', 'config disk'],
  ['steps', 'step'],
  ['placeholders', 'placeholder'],
  ['instanceKeys', 'instance key'],
])

function inWords(contributes: Readonly<Record<string, readonly string[]>>): string {
  const parts = Object.entries(contributes).map(
    ([member, names]) => `${words.get(member)} ${names.join(', ')}`,
  )
  return parts.join('; ') || 'contributes nothing'
}
