import type {Ending, Run} from 'vmrun'

/** What of a run its receiver hears of. */
export interface EndedRun extends Pick<Run, 'id' | 'contributed'> {
  readonly instance: Pick<Run['instance'], 'name'>
}

/** How a run ended, as JSON, in the words of `vmrun run --json`. */
export function verdictBody({id, instance}: EndedRun, {verdict, seconds}: Omit<Ending, 'signal'>): string {
  const {name, exitCode, error} = verdict
  return JSON.stringify({
    run: id,
    instance: instance.name,
    verdict: name,
    exitCode,
    seconds: Math.round(seconds * 1000) / 1000,
    // Without a hint it is undefined, which JSON leaves out.
    ...(error && {error: {message: error.message, hint: error.hint}}),
  })
}
