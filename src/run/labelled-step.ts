import type {Step} from '../contract/step.js'

/** A step whose failures name more than the step. */
export interface LabelledStep extends Step {
  /** Its name for people, such as `step "mount" of vmrun-plugin-a`; of one without, vmrun makes it up from its name. */
  readonly label?: string
}
