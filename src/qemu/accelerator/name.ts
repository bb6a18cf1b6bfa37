import type {Acceleration} from './choose.js'

type Accelerator = Acceleration['accelerator']

/** An accelerator as people call it: `KVM`. */
export function acceleratorName(accelerator: Accelerator): string {
  return accelerator.toUpperCase()
}

/** How a guest runs, as the end of a sentence: `on KVM`, `emulated by TCG`. */
export function runsHow(accelerator: Accelerator): string {
  const name = acceleratorName(accelerator)
  return accelerator === 'tcg' ? `emulated by ${name}` : `on ${name}`
}
