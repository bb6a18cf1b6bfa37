import type {Verdict} from './events.js'
import type {OwnRun, Run} from './run.js'

/**
 * One part of every run, whichever the instance; one that is not for all of them looks for an instance key of its own.
 * The steps of a run are done one after the other. vmrun's own are:
 *
 * - `run-record`, always the first: sees to it that nothing is left when vmrun is killed;
 * - `overlay` and `config-disk`: make the disks, and add them to `run.commandLine`;
 * - `qemu`: starts QEMU with that;
 * - `timeout-watch`: waits until the guest is done, its time is up, or the run is to stop;
 * - `cleanup`: undoes what was deferred.
 */
export interface Step<Given extends Run = Run> {
  /** Unique among all plugins. */
  readonly name: string
  /** What the step is about; shown until it is done. */
  readonly title: string
  /** Runs whatever happened before it. */
  readonly always?: boolean
  /** Where each event is a line, the step has none when it is done: that says nothing to people. */
  readonly quiet?: boolean
  /**
   * May take as long as it needs, also after the run was asked to stop: it sees to both by itself, within 30 seconds
   * after the second request. A step without it is given up after the instance's `start-seconds`, and one second after
   * the run was asked to stop; one that always runs, one second after it was asked for the second time.
   */
  readonly unlimited?: boolean
  /**
   * Tells what `run` would do, for `--dry-run`: makes nothing. It adds to the run's command line what `run` would.
   * Default: the title, and no commands.
   *
   * @param directory where whoever does it by hand keeps its files, by names: the run itself has none
   */
  plan?(run: Given, directory: string): Promise<Plan>
  /**
   * Does it. What it makes it also defers the removal of, by `run.defer`, in the same breath.
   * When it throws, the run is over: no further step runs but those that always do, everything is undone, and the error
   * decides the verdict. Once the run was asked to stop, that decides the verdict, and the error is told beside it, unless
   * it is an AbortError, such as `signal.throwIfAborted()` throws, or was caused by one. A step that was given up is not
   * waited for, and its late result counts for nothing; what it defers by then is undone at once.
   *
   * @param progress tells what the step is busy with, in a few words
   * @param signal aborted when the step has to end: when the run was asked to stop, and when the step is given up. One
   *   that always runs is told only by the second request.
   * @returns the title that says what was done
   */
  run(run: Given, progress: (text: string) => void, signal: AbortSignal): Promise<string>
  /**
   * Called once for each run that began, whether or not this step ran, when everything is removed. It changes nothing
   * about the verdict: a notice tells when it throws. All steps' are called at the same time, and together they have 30
   * seconds; then, and when somebody asks the run to stop once more, the signal is aborted, and nobody waits any longer.
   */
  ended?(run: Given, ending: Ending): Promise<void>
}

/** A step of a plugin, and its place. Only one in the place of vmrun's own has what that needs of the run. */
export type PlacedStep = (Step & NextTo) | (Step<OwnRun> & InPlaceOf)

/**
 * Exactly one of the three, with the `name` of another step, of vmrun's or of any plugin. None stands between `qemu` and
 * `timeout-watch`, where nobody watches the guest: what is to be done while it runs is done from `run.onMachine`. Of
 * several with one place, those of the plugin whose name comes first come first. Replaced can be vmrun's own steps only;
 * what is placed next to one that is, is placed next to what is in its place.
 */
export type Placement = NextTo | InPlaceOf

type NextTo = ({readonly before: string} | {readonly after: string}) & {readonly replacing?: undefined}

interface InPlaceOf {
  readonly replacing: string
}

/** What a step would do. */
export interface Plan {
  /** What would be done, as the title of the step says it when it is done. */
  readonly title: string
  /** The same as programs with their arguments, where it comes down to such; each can be pasted into a shell. */
  readonly commands: ReadonlyArray<readonly string[]>
}

/** How a run ended. */
export interface Ending {
  readonly verdict: Verdict
  /** How long the run took, in seconds. */
  readonly seconds: number
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal
}
