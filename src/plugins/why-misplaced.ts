import type {PlacedStep} from '../contract.js'
import {didYouMean} from '../text/nearest.js'
import {quoted} from '../text/printable.js'
import {placeOf} from './placement.js'

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
export function whyMisplaced(step: PlacedStep, known: KnownSteps): string {
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
