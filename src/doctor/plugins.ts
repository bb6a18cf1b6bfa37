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
  const look = {check: 'plugin', subject: name, ...(version !== undefined && {version})} as const
  const hint = problems.flatMap(problem => problem.hint ?? []).join('\n') || undefined
  if ('failure' in plugin) {
    return {...look, state: 'missing', message: `could not be loaded: ${plugin.failure.message}`, hint}
  }

  const contributed = contributionsOf(plugin.definition)
  const message = `${version}: ${contributed.map(({word, names}) => `${word} ${names.join(', ')}`).join('; ') || 'contributes nothing'}`
  const found = {
    ...look,
    contributes: Object.fromEntries(contributed.map(({member, names}) => [member, names])),
  }
  return problems.length === 0
    ? {...found, state: 'good', message}
    : {...found, state: 'poor', message: [message, ...problems.map(one => one.message)].join('; '), hint}
}

const words = {
  architectures: 'architecture',
  configDisks: 'config disk',
  steps: 'step',
  placeholders: 'placeholder',
  instanceKeys: 'instance key',
} as const

/** The names of what a plugin contributes, by the members of its definition. */
function contributionsOf(definition: Plugin) {
  return (Object.keys(words) as Array<keyof typeof words>)
    .map(member => ({member, word: words[member], names: definition[member]?.map(({name}) => name) ?? []}))
    .filter(({names}) => names.length > 0)
}
