import type {Plugin} from '../contract/plugin.js'
import {groupedBy} from './grouped-by.js'
import type {LoadedPlugin} from './loaded-plugin.js'

/** A thing with a name, and the plugin that contributes it. */
export interface Claim<Thing> {
  readonly plugin: LoadedPlugin
  readonly thing: Thing
}

/** A name that several contribute a thing for. */
export interface Dispute {
  readonly name: string
  /** What kind the things are of, for people. */
  readonly kind: string
  /** The names of the plugins. */
  readonly plugins: readonly string[]
  /** Whether one of them is vmrun itself, whose thing it then is. */
  readonly isOwn: boolean
}

/** All things of one kind, each name once. */
export interface Collection<Thing> {
  readonly claims: readonly Claim<Thing>[]
  readonly disputes: readonly Dispute[]
}

/**
 * Collects what plugins contribute of one kind. A name that several claim is nobody's, as it could not be told which is
 * meant; what vmrun brings along stays what it is, whoever else claims it.
 *
 * @param guard has what a plugin's thing does wrong named after the plugin
 */
export function collect<Thing extends {readonly name: string}>(
  plugins: readonly LoadedPlugin[],
  kind: string,
  pick: (definition: Plugin) => readonly Thing[] | undefined,
  guard: (plugin: string, thing: Thing) => Thing = (_, thing) => thing,
): Collection<Thing> {
  const all = plugins.flatMap(plugin =>
    (pick(plugin.definition) ?? []).map(thing => ({
      plugin,
      thing: plugin.isOwn ? thing : guard(plugin.name, thing),
    })),
  )
  const byName = Array.from(groupedBy(all, ({thing}) => thing.name))
  return {
    claims: byName.flatMap(([, claims]) => {
      const owner = claims.length === 1 ? claims[0] : claims.find(({plugin}) => plugin.isOwn)
      return owner === undefined ? [] : [owner]
    }),
    disputes: byName
      .filter(([, claims]) => claims.length > 1)
      .map(([name, claims]) => ({
        name,
        kind,
        plugins: Array.from(new Set(claims.map(({plugin}) => plugin.name))),
        isOwn: claims.some(({plugin}) => plugin.isOwn),
      })),
  }
}

/** The same without what vmrun keeps for itself although it contributes nothing by these names. */
export function withoutReserved<Thing extends {readonly name: string}>(
  {claims, disputes}: Collection<Thing>,
  kind: string,
  names: readonly string[],
): Collection<Thing> {
  const isReserved = ({thing}: Claim<Thing>): boolean => names.includes(thing.name)
  return {
    claims: claims.filter(claim => !isReserved(claim)),
    disputes: [
      ...disputes,
      ...claims.filter(isReserved).map(({plugin, thing}) => ({
        name: thing.name,
        kind,
        plugins: ['vmrun', plugin.name],
        isOwn: true,
      })),
    ],
  }
}
