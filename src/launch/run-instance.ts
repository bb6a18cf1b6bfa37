import type {OutputSink} from '../console/console-sink.js'
import type {RunListener, Verdict} from '../contract/events.js'
import {checkImage} from '../disks/base-image.js'
import {UsageError} from '../errors/errors.js'
import {forbidCoreDumps} from '../host/core-dumps.js'
import {loadOwnSteps} from '../plugins/built-in.js'
import {runPipeline} from '../run/pipeline.js'
import {stopOnSignals} from '../run/stop-request.js'
import {prepareRun, type RunRequest} from './prepare-run.js'
import {resolveConfig} from './resolve-config.js'

/**
 * Makes this process ready to run an instance: no secret that it will know is left in a core, nor in one of a program that
 * it starts, and the work of the steps is loaded. It takes a while in which others can be at work.
 */
export async function makeReady(): Promise<void> {
  await Promise.all([forbidCoreDumps(), loadOwnSteps()])
}

/** What a run is given beside what is asked for. */
export interface Surroundings {
  /** Of `makeReady`. */
  readonly ready: Promise<void>
  /** Is told what happens. */
  readonly onEvent: RunListener
  /** Called when everything else is found to be right, as it may make a file. */
  readonly openOutput: (what: 'console' | 'log', onLost: (why: string) => void) => Promise<OutputSink>
  /** Whether vmrun is to exit as the job did, where the job decides. */
  readonly jobExitCode: boolean
}

/**
 * Runs an instance to its end, with this process's signals asking it to stop. They are not given back, as they must not
 * change how the process ends once the verdict is out. Rejects only for what is wrong before anything is made;
 * everything else is in the verdict.
 *
 * @throws UsageError, or HostError when a placeholder needs what the host lacks
 */
export async function runInstance(
  request: RunRequest,
  {ready, onEvent, openOutput, jobExitCode}: Surroundings,
): Promise<Verdict> {
  const exitAs = (verdict: Verdict): Verdict => (jobExitCode ? asJob(verdict) : verdict)
  // Before any secret is read, and before a plugin is asked for one.
  await Promise.all([ready, refuseWrongImage(request)])
  const {run, steps} = await prepareRun(request, {
    // The run alone has it, so that there is one to let go of it.
    config: await resolveConfig(request.opened, request.registry, request.environment),
    onEvent: event => onEvent(event.type === 'verdict' ? {...event, verdict: exitAs(event.verdict)} : event),
  })
  for (const what of ['console', 'log'] as const) {
    const {writable, close} = await openOutput(what, why =>
      run.emit({type: 'notice', text: `The guest's ${what} is lost, or a part of it: ${why}`}),
    )
    run[what].writable = writable
    run.defer(`the ${what}`, close)
  }

  stopOnSignals(run.stop)
  return exitAs(await runPipeline(steps, run))
}

/** The same verdict, with the exit code of the job that decided it. */
function asJob(verdict: Verdict): Verdict {
  const isJobs = verdict.name === 'job-failed' && verdict.job !== undefined
  return isJobs ? {...verdict, exitCode: verdict.job.exitCode} : verdict
}

/** What is missing, or hangs, may be there at another try: the run itself tells of that. @throws UsageError */
async function refuseWrongImage({opened: {instance}, registry}: RunRequest): Promise<void> {
  // A plugin's step in its place may take images of another kind.
  if (registry.steps.some(({name}) => name === 'overlay')) {
    await checkImage(instance, instance['start-seconds'] * 1000).catch((error: unknown) => {
      if (error instanceof UsageError) {
        throw error
      }
    })
  }
}
