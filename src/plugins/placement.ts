import type {PlacedStep, Placement} from '../contract.js'

/** A step's place, and nothing else. The step may have it from its class, or hold another as undefined. */
export function placementOf(step: PlacedStep): Placement {
  const {before, after, replacing}: Partial<Record<'before' | 'after' | 'replacing', string>> = step
  if (before !== undefined) {
    return {before}
  }

  return after === undefined ? {replacing: replacing ?? ''} : {after}
}

/** The same as a pair: how a step is placed, and by the name of which other. */
export function placeOf(step: PlacedStep): {
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
