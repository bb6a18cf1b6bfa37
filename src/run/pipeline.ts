import type {StopCause, Verdict} from '../contract/events.js'
import type {OwnRun} from '../contract/run.js'
import type {Step} from '../contract/step.js'
import {isAbort, messageOf} from '../errors/errors.js'
import {withinStartLimit} from '../time/start-limit.js'
import {guestPart, tellEnd, verdictOf} from './ending.js'
import type {EphemeralRun} from './run.js'

/** A step whose failures name more than the step. */
export interface LabelledStep extends Step<OwnRun> {
  /** Its name for people, such as `step "mount" of vmrun-plugin-a`; of one without, vmrun makes it up from its name. */
  readonly label?: string
}

/** What one of vmrun's own steps does. */
export interface StepWork extends Required<Pick<Step<OwnRun>, 'plan'>> {
  run(run: OwnRun, progress: (text: string) => void): Promise<string>
}

/** In milliseconds; whatever a timer holds. */
const longInterval = 2 ** 30

/**
 * Runs the steps in their order. After a failure, or once the run is asked to stop, only the steps that always run
 * still do. Whatever is left to be undone at the end is undone then, also when no step saw to it.
 */
export async function runPipeline(steps: readonly LabelledStep[], run: EphemeralRun): Promise<Verdict> {
  // Where a plugin waits for something that never comes, nothing else may keep Node from ending in the middle of it.
  const alive = setInterval(() => undefined, longInterval)
  try {
    return await runSteps(steps, run)
  } finally {
    clearInterval(alive)
  }
}

async function runSteps(steps: readonly LabelledStep[], run: EphemeralRun): Promise<Verdict> {
  const startedAt = performance.now()
  let failure: unknown
  let ending: {readonly cause: StopCause | undefined} | undefined
  run.tell({
    type: 'run-started',
    run: run.id,
    instance: run.instance.name,
    steps: steps.map(({name, title}) => ({name, title})),
  })
  const lastToSkip = steps.findLastIndex(({always}) => !always)
  for (const [index, step] of steps.entries()) {
    if (index > lastToSkip) {
      // From here on the run ends anyhow: a Ctrl-C that comes now is not why.
      ending ??= {cause: run.stop.cause}
    }

    if (!step.always && (failure !== undefined || run.stop.signal.aborted)) {
      run.tell({type: 'step-skipped', step: step.name, title: step.title})
      continue
    }

    try {
      await runStep(step, run)
    } catch (error) {
      failure ??= error
    }
  }

  ending ??= {cause: run.stop.cause}
  await run.undo.close().catch((error: unknown) => {
    if (failure !== undefined) {
      run.emit({type: 'notice', text: messageOf(error)})
    }

    failure ??= error
  })
  const decided = verdictOf(ending.cause, failure, run.guest.decisiveExitCode)
  const verdict = {...decided, ...guestPart(run, decided.name)}
  const seconds = (performance.now() - startedAt) / 1000
  await tellEnd(steps, run, {verdict, seconds})
  await run.undo.settle().catch((error: unknown) => run.emit({type: 'notice', text: messageOf(error)}))
  run.tell({type: 'verdict', verdict, seconds})
  return verdict
}

async function runStep(step: LabelledStep, run: EphemeralRun): Promise<void> {
  const {name, title} = step
  run.tell({type: 'step-started', step: name, title})
  let over = false
  const progress = (text: string): void => {
    // One that was given up may go on: that is nobody's business any more.
    if (!over) {
      run.tell({type: 'step-progress', step: name, text})
    }
  }
  try {
    const work = (signal: AbortSignal): Promise<string> => step.run(run, progress, signal)
    const done = await withinStartLimit(run, step.label ?? `the step ${name}`, work, step)
    run.tell({type: 'step-done', step: name, title: done, ...(step.quiet && {quiet: true})})
  } catch (error) {
    if (run.stop.signal.aborted && !step.always && isAbort(error)) {
      run.tell({type: 'step-skipped', step: name, title})
      return
    }

    run.tell({type: 'step-failed', step: name, title, message: messageOf(error)})
    throw error
  } finally {
    over = true
  }
}
