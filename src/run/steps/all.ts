import type {StepWork} from '../pipeline.js'
import {configDiskStep} from './config-disk.js'
import {overlayStep} from './overlay.js'
import {qemuStep} from './qemu.js'
import {runRecordStep} from './run-record.js'
import {timeoutWatchStep} from './timeout-watch.js'

/** Removes everything that the run made, whatever happened before. */
const cleanupStep: StepWork = {
  plan: async (_, directory) => ({
    title: 'Cleanup: removes all of it',
    commands: [['rm', '-r', directory]],
  }),
  run: async run => {
    await run.unwind()
    return 'Cleanup: nothing is left'
  },
}

/** What vmrun's own steps do, by their names. */
export const stepWork = {
  'run-record': runRecordStep,
  overlay: overlayStep,
  'config-disk': configDiskStep,
  qemu: qemuStep,
  'timeout-watch': timeoutWatchStep,
  cleanup: cleanupStep,
} as const satisfies Readonly<Record<string, StepWork>>
