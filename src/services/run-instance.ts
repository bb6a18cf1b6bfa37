import type {Writable} from 'node:stream'
import {builtInPlaceholders} from '../instances/placeholder-sources.js'
import {resolvePlaceholders} from '../instances/placeholders.js'
import type {RunListener} from '../pipeline/events.js'
import {runPipeline} from '../pipeline/pipeline.js'
import {stopOnSignals} from '../pipeline/signals.js'
import type {Verdict} from '../pipeline/verdict.js'
import {prepareRun, type RunRequest} from './prepare-run.js'

/**
 * Runs an instance to its end, with this process's signals asking it to stop. Rejects only for what is wrong before
 * anything is made; everything else is in the verdict.
 *
 * @throws UsageError
 */
export async function runInstance(
  request: RunRequest,
  console: Writable | undefined,
  onEvent: RunListener,
): Promise<Verdict> {
  const {environment, opened} = request
  const config = await resolvePlaceholders(
    opened.instance,
    builtInPlaceholders({env: environment, directory: opened.file.directory}),
  )
  const {run, steps} = await prepareRun(request, {config, console, onEvent})
  const release = stopOnSignals(run.stop)
  try {
    return await runPipeline(steps, run)
  } finally {
    release()
  }
}
