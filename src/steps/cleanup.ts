import type {Step} from '../pipeline/step.js'

/** Removes everything that the run made, whatever happened before. */
export const cleanupStep: Step = {
  name: 'cleanup',
  title: 'Cleanup',
  always: true,
  plan: async (_, directory) => ({
    title: 'Cleanup: removes all of it',
    commands: [['rm', '-r', directory]],
  }),
  run: async run => {
    await run.unwind()
    return 'Cleanup: nothing is left'
  },
}
