import type {RunListener} from '../contract/events.js'
import type {Instance, Protection} from '../contract/instance.js'
import type {JsonObject} from '../contract/json-value.js'
import type {Plan, Step} from '../contract/step.js'
import {sourceDate} from '../disks/config/image.js'
import {UsageError} from '../errors/errors.js'
import {absolutePath, pathIn} from '../host/path-in.js'
import {isInherited} from '../host/read-file.js'
import {workDirectory} from '../host/work-directory.js'
import {loadOwnSteps} from '../plugins/built-in.js'
import type {Registry} from '../plugins/registry.js'
import {QemuCommandLine} from '../qemu/command/arguments.js'
import {qemuUser} from '../qemu/fence/qemu-user.js'
import {findStateDirectory} from '../residue/state-directory.js'
import {type EphemeralRun, ephemeralRun} from '../run/run.js'
import {withinLimit} from '../time/timer.js'
import {type OpenedInstance, partsOf} from '../validation/open-instance.js'

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

/** What the command line can ask for in place of, or on top of, what the instances file says. */
export interface Overrides {
  /** `timeout-seconds` */
  readonly timeout?: number | undefined
  /** Whether KVM has to run the guest. */
  readonly requireKvm: boolean
  /** Further protections for `relax`. */
  readonly relax: readonly Protection[]
}

/** The same instance as the command line wants it. @throws UsageError when it contradicts the file */
export function overrideInstance(instance: Instance, {timeout, requireKvm, relax}: Overrides): Instance {
  const {name, accelerator} = instance
  if (requireKvm && accelerator !== 'kvm' && accelerator !== 'auto') {
    throw new UsageError(`--require-kvm does not go with "accelerator": "${accelerator}" of ${name}`, {
      hint: 'Leave --require-kvm out, or set "accelerator" to "kvm" or "auto".',
    })
  }

  return {
    ...instance,
    ...(timeout !== undefined && {'timeout-seconds': timeout}),
    ...(requireKvm && {accelerator: 'kvm'}),
    relax: [...instance.relax, ...relax],
  }
}

/** Puts together a run and its steps. Nothing is made yet. @throws UsageError */
export async function prepareRun(
  {opened, registry, workDir, user, cacheDirectory, environment}: RunRequest,
  {config, onEvent}: {readonly config: JsonObject; readonly onEvent: RunListener},
): Promise<{readonly run: EphemeralRun; readonly steps: readonly Step[]}> {
  const {instance, file, jobConfig} = opened
  const lasting = (path: string): string => (isInherited(path) ? path : absolutePath(path))
  const parts = partsOf(instance, registry)
  await loadOwnSteps()
  // What is wrong with these is told before anything is started.
  sourceDate(environment)
  findStateDirectory(environment)
  return {
    run: ephemeralRun(
      {
        ...parts,
        instance,
        config,
        contributed: Object.fromEntries(
          Object.entries(instance).filter(([key]) => registry.instanceKeys.some(({name}) => name === key)),
        ),
        instancesFile: lasting(file.path),
        jobConfig: jobConfig && lasting(jobConfig),
        environment,
        workDirectory: await workDirectory(workDir, environment),
        cacheDirectory,
        user: await qemuUser(user),
        commandLine: new QemuCommandLine(),
      },
      onEvent,
    ),
    steps: registry.steps,
  }
}

/** How long a step may take to tell, in milliseconds. */
const planLimit = 60_000

/** What one step of a run would do. */
export interface StepPlan extends Plan {
  readonly name: string
}

/**
 * Tells what each step of a run would do, and does nothing. Placeholders stay as they are.
 *
 * @throws UsageError, or HostError when a step can tell that it would fail
 */
export async function describeRun(request: RunRequest): Promise<readonly StepPlan[]> {
  const {config} = request.opened.instance
  const {run, steps} = await prepareRun(request, {config, onEvent: () => undefined})
  const directory = pathIn(run.workDirectory, `vmrun-${run.id}`)
  const plans: StepPlan[] = []
  for (const step of steps) {
    plans.push({
      name: step.name,
      ...((await withinLimit(planLimit, () => step.plan?.(run, directory))) ?? {
        title: step.title,
        commands: [],
      }),
    })
  }

  return plans
}
