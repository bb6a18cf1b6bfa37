import type {PlacedStep, Placement, Step} from '../contract/step.js'
import {didYouMean} from '../text/nearest.js'
import {quoted} from '../text/printable.js'
import type {Claim} from './collect.js'
import {groupedBy} from './grouped-by.js'

/** A step's place, and what is placed around it. */
interface Slot {
  step: Step
  readonly before: Slot[]
  readonly after: Slot[]
}

/** Who stands where, by the names of the steps. The name of one that was replaced still leads to its place. */
interface Places {
  readonly root: Slot
  readonly slots: Map<string, Slot>
}

/** A step that got no place, and why. */
export interface Misplaced {
  readonly claim: Claim<PlacedStep>
  /** Goes on from the plugin's name. */
  readonly message: string
}

/**
 * Puts the steps in their order.
 *
 * @param first the step that comes first whatever is contributed, and that nothing may replace
 * @param claims vmrun's own in their order, then the others by their plugins' names
 */
export function orderSteps(
  first: Step,
  claims: readonly Claim<PlacedStep>[],
): {readonly steps: readonly Step[]; readonly misplaced: readonly Misplaced[]} {
  const root = slotOf(first)
  const places: Places = {root, slots: new Map([[first.name, root]])}
  for (const {thing} of claims.filter(({plugin}) => plugin.isOwn)) {
    place(thing, places)
  }

  const others = claims.filter(({plugin}) => !plugin.isOwn)
  const rivals = replace(others, places)
  const added = others.filter(({thing}) => placeOf(thing).placement !== 'replacing')
  for (const {thing} of added) {
    places.slots.set(thing.name, slotOf(thing))
  }

  // One that is placed later comes next to its neighbour: so the first of several is placed last.
  for (const {thing} of added.toReversed()) {
    if (!isUnwatched(thing, places)) {
      place(thing, places)
    }
  }

  const steps = flatten(root)
  const known = {
    first: first.name,
    own: claims.filter(({plugin}) => plugin.isOwn).map(({thing}) => thing.name),
    others: others.map(({thing}) => thing.name),
    rivals,
  }
  return {
    steps,
    misplaced: others
      .filter(({thing}) => !steps.includes(thing))
      .map(claim => ({claim, message: whyMisplaced(claim.thing, known)})),
  }
}

function slotOf(step: Step): Slot {
  return {step, before: [], after: []}
}

/** Puts a step next to its neighbour, if there is one. */
function place(step: PlacedStep, {root, slots}: Places): void {
  const slot = slots.get(step.name) ?? slotOf(step)
  slots.set(step.name, slot)
  const {placement, name} = placeOf(step)
  const neighbour = slots.get(name)
  if (neighbour === undefined || placement === 'replacing') {
    return
  }

  if (placement === 'after' || neighbour !== root) {
    neighbour[placement].unshift(slot)
  }
}

/** Between these two steps the guest runs, and nobody watches it. */
const unwatched = {after: 'qemu', before: 'timeout-watch'} as const

function isUnwatched(step: PlacedStep, {slots}: Places): boolean {
  const {placement, name} = placeOf(step)
  return (
    placement !== 'replacing' &&
    slots.has(unwatched.before) &&
    slots.has(name) &&
    slots.get(unwatched[placement]) === slots.get(name)
  )
}

/** Puts steps in the place of vmrun's own. @returns the plugins that would replace one step, by its name, where they are several */
function replace(
  claims: readonly Claim<PlacedStep>[],
  {root, slots}: Places,
): ReadonlyMap<string, readonly string[]> {
  const byName = groupedBy(
    claims.filter(({thing}) => placeOf(thing).placement === 'replacing'),
    ({thing}) => placeOf(thing).name,
  )
  const own = new Map(slots)
  const rivals = new Map<string, readonly string[]>()
  for (const [name, claimants] of byName) {
    const [only] = claimants
    const slot = own.get(name)
    if (claimants.length > 1) {
      rivals.set(
        name,
        claimants.map(({plugin}) => plugin.name),
      )
    } else if (only !== undefined && slot !== undefined && slot !== root) {
      slot.step = only.thing
      slots.set(only.thing.name, slot)
    }
  }

  return rivals
}

/** Steps that are placed around each other and nothing else are never reached. */
function flatten({before, step, after}: Slot): readonly Step[] {
  return [...before.flatMap(flatten), step, ...after.flatMap(flatten)]
}

/** A step's place, and nothing else. The step may have it from its class, or hold another as undefined. */
export function placementOf(step: PlacedStep): Placement {
  const {before, after, replacing}: {before?: string; after?: string; replacing?: string | undefined} = step
  if (before !== undefined) {
    return {before}
  }

  return after === undefined ? {replacing: replacing ?? ''} : {after}
}

/** The same as a pair: how a step is placed, and by the name of which other. */
function placeOf(step: PlacedStep): {
  readonly placement: 'before' | 'after' | 'replacing'
  readonly name: string
} {
  const placement = placementOf(step)
  if ('before' in placement) {
    return {placement: 'before', name: placement.before}
  }

  return 'after' in placement
    ? {placement: 'after', name: placement.after}
    : {placement: 'replacing', name: placement.replacing}
}

/** The steps that there are, by their names. */
interface KnownSteps {
  /** The step that comes first whatever is contributed. */
  readonly first: string
  /** The others that vmrun brings along. */
  readonly own: readonly string[]
  /** Those of plugins, whether or not they have a place. */
  readonly others: readonly string[]
  /** The plugins that would replace one step, by its name, where they are several. */
  readonly rivals: ReadonlyMap<string, readonly string[]>
}

/** Why a step got no place, in words that go on from its plugin's name. */
function whyMisplaced(step: PlacedStep, known: KnownSteps): string {
  const {placement, name} = placeOf(step)
  const plugins = known.rivals.get(name)
  const why =
    placement === 'replacing' && plugins !== undefined
      ? `${plugins.join(' and ')} would all replace the step ${quoted(name)}`
      : `${placement} ${quoted(name)}: ${faultOfPlace(step, known)}`
  return `steps ${quoted(step.name)}: ${why}`
}

function faultOfPlace(step: PlacedStep, {first, own, others}: KnownSteps): string {
  const {placement, name} = placeOf(step)
  const isReplacing = placement === 'replacing'
  if (name === first) {
    return 'that step always comes first'
  }

  if (![...own, ...others].includes(name)) {
    const candidates = isReplacing ? own : [first, ...own, ...others].filter(one => one !== step.name)
    const hint = didYouMean(name, candidates)
    return `there is no such step${hint === undefined ? '' : ` (${hint})`}`
  }

  if (isReplacing) {
    return "only vmrun's own steps can be replaced"
  }

  if (name === step.name) {
    return 'no step can stand next to itself'
  }

  return own.includes(name)
    ? 'the guest runs between qemu and timeout-watch, and nobody would watch it; see run.onMachine'
    : 'that step has no place either'
}
