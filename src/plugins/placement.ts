import type {PlacedStep, Placement} from '../contract.js'

/** A step's place, and nothing else. The step may have it from its class, or hold another as undefined. */
export function placementOf(step: PlacedStep): Placement {
  const {before, after, replacing}: Partial<Record<'before' | 'after' | 'replacing', string>> = step
  if (before !== undefined) {
    return {before}
  }

  return after === undefined ? {replacing: replacing ?? ''} : {after}
}
