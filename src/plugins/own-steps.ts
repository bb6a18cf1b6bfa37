import type {OwnRun} from '../contract/run.js'
import type {PlacedStep, Step} from '../contract/step.js'

type StepName = keyof typeof import('../run/steps/all.js')['stepWork']

/** The step that comes first in every run, and that nothing may replace: by it nothing is left when vmrun is killed. */
export const firstStep: Step<OwnRun> = loadedLater({name: 'run-record', title: 'Run record', quiet: true})

/** The steps that vmrun brings along, in their order. */
export const ownSteps: readonly PlacedStep[] = [
  {...loadedLater({name: 'overlay', title: 'Overlay'}), after: 'run-record'},
  {...loadedLater({name: 'config-disk', title: 'Config disk'}), after: 'overlay'},
  {...loadedLater({name: 'qemu', title: 'QEMU'}), after: 'config-disk'},
  {...loadedLater({name: 'timeout-watch', title: 'Guest'}), after: 'qemu'},
  {...loadedLater({name: 'cleanup', title: 'Cleanup', always: true}), after: 'timeout-watch'},
]

/**
 * Loads the work of all steps. To be done before a run begins: later there may be no file descriptor left for it, or
 * another vmrun in this one's place on disk.
 */
export async function loadOwnSteps(): Promise<void> {
  await import('../run/steps/all.js')
}

/** A step whose work is loaded when it is needed: commands that run nothing do not wait for it. */
function loadedLater(step: {
  readonly name: StepName
  readonly title: string
  readonly quiet?: true
  readonly always?: true
}): Step<OwnRun> {
  const work = async () => (await import('../run/steps/all.js')).stepWork[step.name]
  return {
    ...step,
    // Each limits its parts by itself.
    unlimited: true,
    plan: async (run, directory) => await (await work()).plan(run, directory),
    run: async (run, progress) => await (await work()).run(run, progress),
  }
}
