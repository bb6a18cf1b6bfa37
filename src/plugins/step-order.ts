import type {PlacedStep} from '../contract/step.js'
import {hints} from '../text/hints.js'
import {didYouMean} from '../text/nearest.js'
import {quoted} from '../text/printable.js'
import type {Claim} from './collect.js'
import type {PluginProblem} from './loaded-plugin.js'

type StepClaim = Claim<PlacedStep>

/** Between these two steps the guest runs, and nobody watches it. */
const unwatched = {after: 'qemu', before: 'timeout-watch'} as const

/**
 * Puts the steps in their order. What several plugins place next to one step comes in the order of the claims.
 *
 * @param first the name of the step that comes first whatever is contributed, and that nothing may replace
 * @param claims vmrun's own in their order, then the others by their plugins' names
 * @returns the steps behind the first
 */
export function orderSteps(
  first: string,
  claims: readonly StepClaim[],
): {readonly steps: readonly StepClaim[]; readonly problems: readonly PluginProblem[]} {
  const own = claims.filter(({plugin}) => plugin.isOwn)
  const others = claims.filter(({plugin}) => !plugin.isOwn)
  const placed = others.filter(({thing}) => obstacle(thing) === undefined)
  const steps = [
    ...around([first], []),
    ...own.flatMap(claim => {
      const inPlace = placed.find(({thing}) => thing.replacing === claim.thing.name) ?? claim
      return around([claim.thing.name, inPlace.thing.name], [inPlace])
    }),
  ]
  return {steps, problems: others.filter(claim => !steps.includes(claim)).map(problemOf)}

  /** What stands in one place, and what is placed next to it. Steps placed around each other alone are never reached. */
  function around(names: readonly string[], here: readonly StepClaim[]): readonly StepClaim[] {
    const beside = (side: string) =>
      placed
        .filter(({thing}) => placeOf(thing).placement === side && names.includes(placeOf(thing).name))
        .flatMap(claim => around([claim.thing.name], [claim]))
    return [...beside('before'), ...here, ...beside('after')]
  }

  /** Why a step cannot stand where it wants to; undefined where its neighbour would take it. */
  function obstacle(step: PlacedStep): string | undefined {
    const {placement, name} = placeOf(step)
    const names = [first, ...claims.map(({thing}) => thing.name)]
    const isReplacing = placement === 'replacing'
    const ownName = others.find(({thing}) => thing.name === name)?.thing.replacing ?? name
    const rivals = others.filter(({thing}) => isReplacing && thing.replacing === name)
    const reasons = [
      [name === first && placement !== 'after', 'that step always comes first'],
      [!names.includes(name), hints('there is no such step', didYouMean(name, names))],
      [isReplacing && !own.some(({thing}) => thing.name === name), "only vmrun's own steps can be replaced"],
      [rivals.length > 1, `${rivals.map(({plugin}) => plugin.name).join(' and ')} would all replace it`],
      [
        !isReplacing && unwatched[placement] === ownName,
        'the guest runs between qemu and timeout-watch, and nobody would watch it; see run.onMachine',
      ],
    ] as const
    return reasons.find(([applies]) => applies)?.[1]
  }

  function problemOf({plugin, thing}: StepClaim): PluginProblem {
    const {placement, name} = placeOf(thing)
    const why = obstacle(thing) ?? 'that step has no place either'
    return {
      plugins: [plugin.name],
      message: `step ${quoted(thing.name)} of ${plugin.name} is left out: ${placement} ${quoted(name)}: ${why}`,
    }
  }
}

/** How a step is placed, and by the name of which other. It may hold the other placements as undefined. */
function placeOf(step: PlacedStep): {
  readonly placement: 'before' | 'after' | 'replacing'
  readonly name: string
} {
  const {
    before,
    after,
    replacing = '',
  }: {before?: string; after?: string; replacing?: string | undefined} = step
  if (before !== undefined) {
    return {placement: 'before', name: before}
  }

  return after === undefined ? {placement: 'replacing', name: replacing} : {placement: 'after', name: after}
}
