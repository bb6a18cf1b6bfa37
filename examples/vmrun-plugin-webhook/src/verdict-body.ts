import type {Ending, Run} from 'vmrun'

/** What of a run its receiver hears of. */
export interface EndedRun extends Pick<Run, 'id' | 'contributed'> {
  readonly instance: Pick<Run['instance'], 'name'>
}

/** How a run ended, as JSON, in the words of `vmrun run --json`. */
export function verdictBody({id, instance}: EndedRun, {verdict, seconds}: Omit<Ending, 'signal'>): string {
  const {name, exitCode, job, readySeconds, busySeconds, error} = verdict
  return JSON.stringify({
    run: id,
    instance: instance.name,
    verdict: name,
    exitCode,
    seconds: Math.round(seconds * 1000) / 1000,
    // What is undefined JSON leaves out. What the guest printed last is nobody else's business.
    ...{job, readySeconds, busySeconds},
    ...(error && {error: {message: error.message, hint: error.hint}}),
  })
}
