import type {Plan} from '../contract/step.js'
import {pathIn} from '../host/path-in.js'
import {withinLimit} from '../time/within-limit.js'
import {prepareRun, type RunRequest} from './prepare-run.js'

/** How long a step may take to tell, in milliseconds. */
const planLimit = 60_000

/** What one step of a run would do. */
export interface StepPlan extends Plan {
  readonly name: string
}

/**
 * Tells what each step of a run would do, and does nothing. Placeholders stay as they are.
 *
 * @throws UsageError, or HostError when a step can tell that it would fail
 */
export async function describeRun(request: RunRequest): Promise<readonly StepPlan[]> {
  const {config} = request.opened.instance
  const {run, steps} = await prepareRun(request, {config, onEvent: () => undefined})
  const directory = pathIn(run.workDirectory, `vmrun-${run.id}`)
  const plans: StepPlan[] = []
  for (const step of steps) {
    plans.push({
      name: step.name,
      ...((await withinLimit(planLimit, () => step.plan?.(run, directory))) ?? {
        title: step.title,
        commands: [],
      }),
    })
  }

  return plans
}
