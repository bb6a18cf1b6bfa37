import type {Run} from './run.js'

/** Tells what a step is busy with, for whoever watches. */
type Progress = (text: string) => void

/** What a step would do. */
export interface Plan {
  /** What would be done, as the title of the step says it when it is done. */
  readonly title: string
  /** The same as programs with their arguments, where it comes down to such; each can be pasted into a shell. */
  readonly commands: ReadonlyArray<readonly string[]>
}

/** One part of a run. */
export interface Step {
  /** Unique within a pipeline. */
  readonly name: string
  /** What the step is about; shown until it is done. */
  readonly title: string
  /** Runs whatever happened before it. */
  readonly always?: boolean
  /** Where each event is a line, the step has none when it is done: that says nothing to people. */
  readonly quiet?: boolean
  /**
   * Tells what `run` would do. Adds to the run what later steps need to tell their part; touches nothing on the host.
   *
   * @param directory where whoever does it by hand keeps its files, by names: the run itself has none
   */
  plan(run: Run, directory: string): Promise<Plan>
  /**
   * Does it. What it makes it also defers the removal of, in the same breath. It heeds `run.signal`.
   *
   * @returns the title that says what was done
   */
  run(run: Run, progress: Progress): Promise<string>
}
