import type {StepWork} from './step-work.js'

/** Removes everything that the run made, whatever happened before. */
export const cleanupStep: StepWork = {
  plan: async (_, directory) => ({
    title: 'Cleanup: removes all of it',
    commands: [['rm', '-r', directory]],
  }),
  run: async run => {
    await run.unwind()
    return 'Cleanup: nothing is left'
  },
}
