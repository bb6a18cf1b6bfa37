import type {Plugin} from '../contract/plugin.js'
import type {LoadedPlugin, PluginProblem} from './loaded-plugin.js'

/** A thing with a name, and the plugin that contributes it. */
export interface Claim<Thing> {
  readonly plugin: LoadedPlugin
  readonly thing: Thing
}

/** All things of one kind, each name once, and what is left out, by its name. */
export interface Collection<Thing> {
  readonly claims: readonly Claim<Thing>[]
  readonly disputes: ReadonlyMap<string, PluginProblem>
}

/**
 * Collects what plugins contribute of one kind. A name that several claim is nobody's, as it could not be told which is
 * meant; what vmrun brings along stays what it is, whoever else claims it.
 *
 * @param kind what it is called, for people
 * @param options `guard` has what a plugin's thing does wrong named after the plugin; `reserved` are the names that vmrun
 *   keeps for itself although it contributes nothing by them
 */
export function collect<Thing extends {readonly name: string}>(
  plugins: readonly LoadedPlugin[],
  kind: string,
  pick: (definition: Plugin) => readonly Thing[] | undefined,
  {
    guard = (_, thing) => thing,
    reserved = [],
  }: {
    readonly guard?: (plugin: string, thing: Thing) => Thing
    readonly reserved?: readonly string[]
  } = {},
): Collection<Thing> {
  const all = plugins.flatMap(plugin =>
    (pick(plugin.definition) ?? []).map(thing => ({
      plugin,
      thing: plugin.isOwn ? thing : guard(plugin.name, thing),
    })),
  )
  const claims: Claim<Thing>[] = []
  const disputes = new Map<string, PluginProblem>()
  for (const name of new Set(all.map(({thing}) => thing.name))) {
    const claimants = all.filter(({thing}) => thing.name === name)
    const own = claimants.find(({plugin}) => plugin.isOwn)
    const isOwn = own !== undefined || reserved.includes(name)
    const owner = own ?? (isOwn || claimants.length > 1 ? undefined : claimants[0])
    claims.push(...(owner === undefined ? [] : [owner]))
    if (isOwn ? claimants.some(claim => claim !== own) : claimants.length > 1) {
      const others = claimants.filter(claim => claim !== own).map(({plugin}) => plugin.name)
      disputes.set(name, disputeOf(`the ${kind} "${name}"`, Array.from(new Set(others)), isOwn))
    }
  }

  return {claims, disputes}
}

function disputeOf(thing: string, plugins: readonly string[], isOwn: boolean): PluginProblem {
  const why = isOwn ? "the name is vmrun's own" : 'a name can be contributed once'
  const mend = isOwn || plugins.length === 1 ? 'Mend it, or remove it' : 'Remove all but one'
  return {
    plugins,
    message: `${thing} of ${plugins.join(' and ')} is left out: ${why}`,
    hint: `${mend}: vmrun plugins uninstall ${plugins.join(' ')}`,
  }
}
