import type {Plugin} from '../contract/plugin.js'
import type {OwnRun} from '../contract/run.js'
import type {PlacedStep, Step} from '../contract/step.js'
import {cdrom, virtioBlk} from '../disks/config/drives.js'
import {nocloud} from '../disks/config/nocloud.js'
import {env, file} from '../instances/placeholders/sources.js'
import {aarch64} from './architectures/aarch64.js'
import {x86_64} from './architectures/x86-64.js'

type StepName = keyof typeof import('../run/steps/all.js')['stepWork']

/** The step that comes first in every run, and that nothing may replace: by it nothing is left when vmrun is killed. */
export const firstStep: Step<OwnRun> = loadedLater({name: 'run-record', title: 'Run record', quiet: true})

/** What vmrun brings along. Its steps are in their order. */
export const builtIn: Plugin = {
  apiVersion: 1,
  architectures: [x86_64, aarch64],
  configDisks: [cdrom, virtioBlk, nocloud],
  steps: ownSteps(),
  placeholders: [env, file],
}

/**
 * Loads the work of all steps. To be done before a run begins: later there may be no file descriptor left for it, or
 * another vmrun in this one's place on disk.
 */
export async function loadOwnSteps(): Promise<void> {
  await import('../run/steps/all.js')
}

function ownSteps(): readonly PlacedStep[] {
  return [
    {...loadedLater({name: 'overlay', title: 'Overlay'}), after: 'run-record'},
    {...loadedLater({name: 'config-disk', title: 'Config disk'}), after: 'overlay'},
    {...loadedLater({name: 'qemu', title: 'QEMU'}), after: 'config-disk'},
    {...loadedLater({name: 'timeout-watch', title: 'Guest'}), after: 'qemu'},
    {...loadedLater({name: 'cleanup', title: 'Cleanup', always: true}), after: 'timeout-watch'},
  ]
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
