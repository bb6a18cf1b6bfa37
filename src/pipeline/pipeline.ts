import {messageOf} from '../thrown.js'
import type {Run} from './run.js'
import type {Step} from './step.js'
import type {StopCause} from './stop-request.js'
import {type Verdict, verdictOf} from './verdict.js'

/**
 * Runs the steps in their order. After a failure, or once the run is asked to stop, only the steps that always run
 * still do. Whatever is left to be undone at the end is undone then, also when no step saw to it.
 */
export async function runPipeline(steps: readonly Step[], run: Run): Promise<Verdict> {
  const startedAt = performance.now()
  let failure: unknown
  let ending: {readonly cause: StopCause | undefined} | undefined
  run.emit({
    type: 'run-started',
    run: run.id,
    instance: run.instance.name,
    steps: steps.map(({name, title}) => ({name, title})),
  })
  for (const step of steps) {
    if (step.always) {
      // From here on the run ends anyhow: a Ctrl-C that comes now is not why.
      ending ??= {cause: run.stop.cause}
    } else if (failure !== undefined || run.signal.aborted) {
      run.emit({type: 'step-skipped', step: step.name, title: step.title})
      continue
    }

    try {
      await runStep(step, run)
    } catch (error) {
      failure ??= error
    }
  }

  ending ??= {cause: run.stop.cause}
  await run.unwind().catch((error: unknown) => {
    failure ??= error
  })
  const verdict = verdictOf(ending.cause, failure)
  run.emit({type: 'verdict', verdict, seconds: (performance.now() - startedAt) / 1000})
  return verdict
}

async function runStep(step: Step, run: Run): Promise<void> {
  const {name, title} = step
  run.emit({type: 'step-started', step: name, title})
  try {
    const done = await step.run(run, text => run.emit({type: 'step-progress', step: name, text}))
    run.emit({type: 'step-done', step: name, title: done, ...(step.quiet && {quiet: true})})
  } catch (error) {
    if (run.signal.aborted && !step.always) {
      run.emit({type: 'step-skipped', step: name, title})
      return
    }

    run.emit({
      type: 'step-failed',
      step: name,
      title,
      message: messageOf(error),
    })
    throw error
  }
}
