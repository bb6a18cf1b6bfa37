import type {PlacedStep, Step} from '../contract/step.js'
import {didYouMean} from '../text/nearest.js'
import {quoted} from '../text/printable.js'
import type {Claim} from './collect.js'
import type {PluginProblem} from './loaded-plugin.js'

/** A step, and what is placed around it. */
interface Slot {
  step: Step
  readonly before: Slot[]
  readonly after: Slot[]
}

/** What there is to be placed next to. */
interface Known {
  /** The step that comes first whatever is contributed, and that nothing may replace. */
  readonly first: string
  /** The others that vmrun brings along. */
  readonly own: readonly string[]
  /** Those of plugins, whether or not they have a place. */
  readonly others: readonly Claim<PlacedStep>[]
  /** The places, by the names of the steps. The name of one that was replaced still leads to its place. */
  readonly slots: Map<string, Slot>
}

/**
 * Puts the steps in their order. Each holds one place, and no other as undefined: the guard sees to that.
 *
 * @param first the step that comes first whatever is contributed, and that nothing may replace
 * @param claims vmrun's own in their order, then the others by their plugins' names
 */
export function orderSteps(
  first: Step,
  claims: readonly Claim<PlacedStep>[],
): {readonly steps: readonly Step[]; readonly problems: readonly PluginProblem[]} {
  const root = slotOf(first)
  const slots = new Map([[first.name, root]])
  const own = claims.filter(({plugin}) => plugin.isOwn)
  const others = claims.filter(({plugin}) => !plugin.isOwn)
  for (const {thing} of own) {
    slots.set(thing.name, slotOf(thing))
    place(thing, slots)
  }

  const known: Known = {first: first.name, own: own.map(({thing}) => thing.name), others, slots}
  for (const {thing} of others) {
    const {placement, name} = placeOf(thing)
    const slot = placement === 'replacing' ? slots.get(name) : undefined
    if (slot !== undefined && obstacle(thing, known) === undefined) {
      slot.step = thing
      slots.set(thing.name, slot)
    }
  }

  const added = others.filter(({thing}) => placeOf(thing).placement !== 'replacing')
  for (const {thing} of added) {
    slots.set(thing.name, slotOf(thing))
  }

  // One that is placed later comes next to its neighbour: so the first of several is placed last.
  for (const {thing} of added.toReversed()) {
    if (obstacle(thing, known) === undefined) {
      place(thing, slots)
    }
  }

  const steps = flatten(root)
  const misplaced = others.filter(({thing}) => !steps.includes(thing))
  return {steps, problems: misplaced.map(claim => problemOf(claim, known))}
}

/** How a step is placed, and by the name of which other. */
function placeOf(step: PlacedStep): {
  readonly placement: 'before' | 'after' | 'replacing'
  readonly name: string
} {
  if (step.replacing !== undefined) {
    return {placement: 'replacing', name: step.replacing}
  }

  return 'before' in step ? {placement: 'before', name: step.before} : {placement: 'after', name: step.after}
}

function slotOf(step: Step): Slot {
  return {step, before: [], after: []}
}

/** Puts a step next to its neighbour. */
function place(step: PlacedStep, slots: ReadonlyMap<string, Slot>): void {
  const {placement, name} = placeOf(step)
  const slot = slots.get(step.name)
  if (slot !== undefined && placement !== 'replacing') {
    slots.get(name)?.[placement].unshift(slot)
  }
}

/** Steps that are placed around each other and nothing else are never reached. */
function flatten({before, step, after}: Slot): readonly Step[] {
  return [...before.flatMap(flatten), step, ...after.flatMap(flatten)]
}

/** Between these two steps the guest runs, and nobody watches it. */
const unwatched = {after: 'qemu', before: 'timeout-watch'} as const

/** Why a step cannot stand where it wants to; undefined where its neighbour would take it. */
function obstacle(step: PlacedStep, {first, own, others, slots}: Known): string | undefined {
  const {placement, name} = placeOf(step)
  const isReplacing = placement === 'replacing'
  const names = others.map(({thing}) => thing.name)
  if (name === first && placement !== 'after') {
    return 'that step always comes first'
  }

  if (![first, ...own, ...names].includes(name)) {
    const hint = didYouMean(
      name,
      isReplacing ? own : [first, ...own, ...names].filter(one => one !== step.name),
    )
    return `there is no such step${hint === undefined ? '' : ` (${hint})`}`
  }

  if (isReplacing) {
    return own.includes(name) ? rivalry(name, others) : "only vmrun's own steps can be replaced"
  }

  if (name === step.name) {
    return 'no step can stand next to itself'
  }

  return slots.has(unwatched.before) && slots.get(unwatched[placement]) === slots.get(name)
    ? 'the guest runs between qemu and timeout-watch, and nobody would watch it; see run.onMachine'
    : undefined
}

/** Who would replace a step; undefined where it is one alone. */
function rivalry(name: string, others: readonly Claim<PlacedStep>[]): string | undefined {
  const rivals = others.filter(({thing}) => thing.replacing === name)
  return rivals.length > 1
    ? `${rivals.map(({plugin}) => plugin.name).join(' and ')} would all replace it`
    : undefined
}

function problemOf({plugin, thing}: Claim<PlacedStep>, known: Known): PluginProblem {
  const {placement, name} = placeOf(thing)
  const why = obstacle(thing, known) ?? 'that step has no place either'
  const leftOut = `steps ${quoted(thing.name)}: ${placement} ${quoted(name)}: ${why}`
  return {plugins: [plugin.name], leftOut, message: `plugin ${plugin.name}: ${leftOut}`}
}
