/** What is looked at, in the order of the page. Stable: programs tell findings apart by these names. */
export const checkNames = [
  'qemu',
  'firmware',
  'qemu-img',
  'accelerator',
  'user',
  'parent-death',
  'no-new-privs',
  'sandbox',
  'core-dumps',
  'work-directory',
  'state-directory',
  'open-files',
  'processes',
  'memory',
] as const

export type CheckName = (typeof checkNames)[number]

/** `poor`: guests run, but worse than they could. `missing`: guests that need it do not run. */
type State = 'good' | 'poor' | 'missing'

/** What one look at the host has found. */
export interface Finding {
  readonly check: CheckName
  /** What was looked at: an architecture's name for what each architecture has of its own. */
  readonly subject: string
  readonly state: State
  readonly text: string
  /** What to do about it; a sentence, or several lines of them. */
  readonly advice?: string | undefined
}
