import type {Ending} from './command.js'

/** What the page says of one look or one instance: its state, and its text up to the end of the line. */
export function lineOf({stdout}: Ending, label: string): readonly [string | undefined, string | undefined] {
  const pattern = new RegExp(`^  ${label} +(?<state>good|poor|missing) +(?<text>.*)$`, 'mu')
  const {state, text} = pattern.exec(stdout)?.groups ?? {}
  return [state, text]
}

/** What `doctor --json` prints. */
interface Report {
  readonly findings: readonly Readonly<Record<string, unknown>>[]
  readonly instances: readonly Readonly<Record<string, unknown>>[]
  readonly file: string | null
}

export function reportOf({stdout}: Ending): Report {
  return JSON.parse(stdout)
}

/** What was found by one look. */
export function found(ending: Ending, check: string): Report['findings'] {
  return reportOf(ending).findings.filter(finding => finding['check'] === check)
}
