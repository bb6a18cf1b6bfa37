import type {Run} from '../../contract/run.js'
import type {Plan} from '../../contract/step.js'

/** What one of vmrun's own steps does, as the contract's `Step` describes it. */
export interface StepWork {
  plan(run: Run, directory: string): Promise<Plan>
  run(run: Run, progress: (text: string) => void): Promise<string>
}
