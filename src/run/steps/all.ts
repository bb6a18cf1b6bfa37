import {cleanupStep} from './cleanup.js'
import {configDiskStep} from './config-disk.js'
import {overlayStep} from './overlay.js'
import {qemuStep} from './qemu.js'
import {runRecordStep} from './run-record.js'
import type {StepWork} from './step-work.js'
import {timeoutWatchStep} from './timeout-watch.js'

/** What vmrun's own steps do, by their names. */
export const stepWork = {
  'run-record': runRecordStep,
  overlay: overlayStep,
  'config-disk': configDiskStep,
  qemu: qemuStep,
  'timeout-watch': timeoutWatchStep,
  cleanup: cleanupStep,
} as const satisfies Readonly<Record<string, StepWork>>
