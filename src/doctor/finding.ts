/** What a look at each thing finds beside words, for programs; a key is absent where that is not known. */
interface Figures {
  readonly qemu: ProgramFigures
  readonly firmware: {readonly path?: string}
  readonly accelerator: {
    readonly accelerator?: 'kvm' | 'hvf' | 'tcg'
    /** How long the measurement took. */
    readonly milliseconds?: number
  }
  readonly user: object
  readonly 'end-of-vmrun': {
    /** What ends QEMU. */
    readonly by?: 'setpriv' | 'exit-with-parent' | 'reaper'
  }
  readonly 'no-new-privs': object
  readonly sandbox: object
  readonly 'core-dumps': object
  readonly 'work-directory': SpaceFigures & {
    /** Whether files can be made there that never have a name. */
    readonly unnamedFiles?: boolean
  }
  readonly 'state-directory': SpaceFigures & {
    /** Whether it is there already. */
    readonly exists?: boolean
  }
  readonly 'open-files': LimitFigures
  readonly processes: LimitFigures
  readonly memory: {
    readonly availableBytes?: number
    /** What the largest instance wants. */
    readonly wantedBytes?: number
  }
  readonly plugin: {
    readonly version?: string
    /** The names of what it contributes, by the member of its definition: `{"architectures": ["s390x"]}`. */
    readonly contributes?: Readonly<Record<string, readonly string[]>>
  }
}

interface ProgramFigures {
  readonly path?: string
  readonly version?: string
}

interface SpaceFigures {
  /** Such as `ext4`. */
  readonly fileSystem?: string
  readonly freeBytes?: number
}

interface LimitFigures {
  /** Null where there is none. */
  readonly limit?: number | null
}

/** What is looked at, in the order of the page. Stable: programs tell findings apart by these names. */
export const checkNames = [
  'qemu',
  'firmware',
  'accelerator',
  'user',
  'end-of-vmrun',
  'no-new-privs',
  'sandbox',
  'core-dumps',
  'work-directory',
  'state-directory',
  'open-files',
  'processes',
  'memory',
  'plugin',
] as const

export type CheckName = (typeof checkNames)[number]

/** What is said of one thing. */
export interface Remark {
  /** `poor`: guests run, but worse than they could. `missing`: guests that need it do not run. */
  readonly state: 'good' | 'poor' | 'missing'
  readonly message: string
  /** What to do about it; a sentence, or several lines of them. */
  readonly hint?: string | undefined
}

/** What was looked at. */
export interface Look<Check extends CheckName = CheckName> {
  readonly check: Check
  /** The one that was looked at of several that there are or could be, such as an architecture. */
  readonly subject: string
}

/** What one look at the host has found. */
export type Finding = {
  readonly [Check in CheckName]: Look<Check> & Remark & Figures[Check]
}[CheckName]

const checksOfArchitectures: ReadonlySet<CheckName> = new Set(['qemu', 'firmware', 'accelerator', 'sandbox'])

const checksOfMany: ReadonlySet<CheckName> = new Set([...checksOfArchitectures, 'plugin'])

/** Whether there is one such finding for each architecture: then the subject is its name. */
export function isOfArchitecture({check}: Pick<Look, 'check'>): boolean {
  return checksOfArchitectures.has(check)
}

/** What people call a finding: `work-directory`, `qemu x86_64`, `plugin vmrun-plugin-s390x`. */
export function labelOf({check, subject}: Look): string {
  return checksOfMany.has(check) ? `${check} ${subject}` : check
}
