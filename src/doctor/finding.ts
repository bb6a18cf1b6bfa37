import {ownError} from '../errors/errors.js'

/** What is looked at, in the order of the page. Stable: programs tell findings apart by the names of the checks. */
export const sections = [
  {title: 'Programs', checks: ['qemu', 'firmware']},
  {title: 'Acceleration', checks: ['accelerator']},
  {title: 'Protection', checks: ['user', 'end-of-vmrun', 'no-new-privs', 'sandbox', 'core-dumps']},
  {title: 'Directories', checks: ['work-directory', 'state-directory']},
  {title: 'Limits', checks: ['open-files', 'processes', 'memory']},
  {title: 'Plugins', checks: ['plugin']},
] as const

export type CheckName = (typeof sections)[number]['checks'][number]

export const checkNames: readonly CheckName[] = sections.flatMap<CheckName>(({checks}) => checks)

/** What was looked at. */
export interface Look {
  readonly check: CheckName
  /** The one that was looked at of several that there are or could be, such as an architecture. */
  readonly subject: string
}

/** What was found by one look at the host. */
export interface Finding extends Look, Figures {
  /** `poor`: guests run, but worse than they could. `missing`: guests that need it do not run. */
  readonly state: 'good' | 'poor' | 'missing'
  readonly message: string
  /** What to do about it; a sentence, or several lines of them. */
  readonly hint?: string | undefined
}

/** What programs read of it, where it is known: docs/json.md says which check has which key, and what they mean. */
interface Figures {
  readonly path?: string
  readonly version?: string | undefined
  readonly accelerator?: 'kvm' | 'hvf' | 'tcg'
  readonly milliseconds?: number
  readonly by?: 'setpriv' | 'exit-with-parent' | 'reaper'
  readonly fileSystem?: string
  readonly freeBytes?: number
  readonly unnamedFiles?: boolean
  readonly exists?: boolean
  readonly limit?: number | null
  readonly availableBytes?: number
  readonly wantedBytes?: number
  readonly contributes?: Readonly<Record<string, readonly string[]>>
}

const checksOfArchitectures: ReadonlySet<CheckName> = new Set(['qemu', 'firmware', 'accelerator', 'sandbox'])

/** Whether there is one such finding for each architecture: then the subject is its name. */
export function isOfArchitecture({check}: Pick<Look, 'check'>): boolean {
  return checksOfArchitectures.has(check)
}

/** What people call a finding: `work-directory`, `qemu x86_64`, `plugin vmrun-plugin-s390x`. */
export function labelOf(look: Look): string {
  const {check, subject} = look
  return isOfArchitecture(look) || check === 'plugin' ? `${check} ${subject}` : check
}

/** Looks at something. A look that fails as a run would has found out why. @throws what is a bug */
export async function lookAt(
  look: Look,
  examine: () => Promise<Omit<Finding, keyof Look>>,
): Promise<Finding> {
  try {
    return {...look, ...(await examine())}
  } catch (error) {
    const {message, hint} = ownError(error)
    return {...look, state: 'missing', message, hint}
  }
}
