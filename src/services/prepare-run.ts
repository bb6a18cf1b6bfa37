import path from 'node:path'
import {sourceDate} from '../config-disks/source-date.js'
import {workDirectory} from '../host/work-directory.js'
import {Run, type RunOptions} from '../pipeline/run.js'
import type {Step} from '../pipeline/step.js'
import type {Registry} from '../plugins/registry.js'
import {qemuUser} from '../qemu/confinement/qemu-user.js'
import {ProgramCache} from '../qemu/programs/program-cache.js'
import {cleanupStep} from '../steps/cleanup.js'
import {configDiskStep} from '../steps/config-disk.js'
import {overlayStep} from '../steps/overlay.js'
import {qemuStep} from '../steps/qemu.js'
import {runRecordStep} from '../steps/run-record.js'
import {timeoutWatchStep} from '../steps/timeout-watch.js'
import {findStateDirectory} from '../supervision/state-directory.js'
import {type OpenedInstance, partsOf} from './open-instance.js'

/** What somebody asked to be run. */
export interface RunRequest {
  readonly opened: OpenedInstance
  readonly registry: Registry
  /** As on the command line. */
  readonly workDir: string | undefined
  /** Who QEMU runs as, as on the command line. */
  readonly user: string | undefined
  /** Where to remember what was measured about this host. */
  readonly cacheDirectory: string
  readonly environment: NodeJS.ProcessEnv
}

/** Puts together a run and its steps. Nothing is made yet. @throws UsageError */
export async function prepareRun(
  {opened, registry, workDir, user, cacheDirectory, environment}: RunRequest,
  {config, onEvent}: Pick<RunOptions, 'config' | 'onEvent'>,
): Promise<{readonly run: Run; readonly steps: readonly Step[]}> {
  const {instance, file} = opened
  const {architecture, configDiskKind, configDisk} = partsOf(instance, registry)
  const modified = sourceDate(environment)
  // What is wrong with it is told before anything is started.
  await findStateDirectory(environment)
  return {
    run: new Run({instance, workDirectory: await workDirectory(workDir, environment), config, onEvent}),
    steps: [
      runRecordStep(environment),
      overlayStep,
      configDiskStep({
        configDisk,
        title: configDiskKind.title,
        modified,
        instancesFile: path.resolve(file.path),
      }),
      qemuStep({architecture, cache: new ProgramCache(cacheDirectory), user: await qemuUser(user)}),
      timeoutWatchStep,
      cleanupStep,
    ],
  }
}
