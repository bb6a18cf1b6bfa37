import {createHash} from 'node:crypto'
import {renameSync, rmSync, writeFileSync} from 'node:fs'
import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {z} from 'zod'
import {attempt} from '../errors/errors.js'
import {bootId} from '../host/environment.js'
import {pathIn} from '../host/path-in.js'
import {failedCall} from '../host/resource-hint.js'
import {draftName} from '../host/work-directory.js'
import {isAlive, ownIdentity, type ProcessIdentity, processNamespace} from './process-identity.js'

/** @param lowest 2 for a process that may be killed: kill(2) takes 0 and -1 for many */
const identity = (lowest: number): z.ZodType<ProcessIdentity> =>
  z.object({pid: z.int().min(lowest), start: z.string()})

/** What a record says beside its name. Never anything of a config. */
const recordContent = z
  .object({
    run: z.string(),
    instance: z.string(),
    /** vmrun's process. */
    owner: identity(1),
    /** When the run started, in ISO 8601. */
    since: z.string(),
    /** When its guest's time is up, in ISO 8601; null until it is known. */
    deadline: z.string().nullable(),
    /** The number that was taken for QEMU to run as; null where none was. */
    user: z.number().nullable(),
    /** Null until there is one. */
    qemu: identity(2).nullable(),
    /** The one file outside of the state directory that the run may have had for a moment. */
    draft: z.string(),
  })
  .readonly()

export type RecordContent = z.infer<typeof recordContent>

/** What is known of a run from its start. */
export interface RecordedRun {
  readonly id: string
  readonly instance: {readonly name: string}
  /** As in `RecordContent`. */
  readonly draft: string
}

/** What is on record of a run, in a file of the state directory: for whoever comes after a vmrun that was killed. */
export class RunRecord {
  readonly file: string
  readonly draft: string
  #content: RecordContent

  /** The record of a run of this process. Nothing is written yet. @throws HostError as `ownIdentity` */
  static async of(run: RecordedRun, directory: string): Promise<RunRecord> {
    const owner = {run: run.id, process: ownIdentity(), whereabouts: await ownWhereabouts()}
    return new RunRecord(owner, run, directory)
  }

  private constructor(owner: RecordOwner, {id, instance: {name}, draft}: RecordedRun, directory: string) {
    this.file = pathIn(directory, recordName(owner, 'json'))
    this.draft = pathIn(directory, recordName(owner, 'draft'))
    const known = {run: id, instance: name, owner: owner.process, since: new Date().toISOString(), draft}
    this.#content = {...known, deadline: null, user: null, qemu: null}
  }

  /** Writes it, mode 0600. A reader finds it whole or as it was before. @throws HostError */
  write(further: Partial<Pick<RecordContent, 'deadline' | 'user' | 'qemu'>> = {}): void {
    this.#content = {...this.#content, ...further}
    try {
      writeFileSync(this.draft, `${JSON.stringify(this.#content)}\n`, {mode: 0o600})
      renameSync(this.draft, this.file)
    } catch (error) {
      const elsewhere = 'name another state directory with VMRUN_STATE_DIR'
      const otherwise = 'Name a directory that you can write to with VMRUN_STATE_DIR.'
      throw failedCall(`cannot write the run record ${this.file}`, error, elsewhere, otherwise)
    }
  }

  /** Removes it, and what may be left of writing it. */
  remove(): void {
    rmSync(this.file, {force: true})
    rmSync(this.draft, {force: true})
  }
}

/** The numbers that other runs have taken for QEMU to run as, whether or not they are alive. */
export async function usersOnRecord(own: RunRecord): Promise<ReadonlySet<number>> {
  const directory = path.dirname(own.file)
  const owners = (await readdir(directory)).flatMap(name => parseRecordName(name) ?? [])
  const contents = await Promise.all(
    owners.map(async owner => {
      // By its final name also where a draft was seen, which may have that one by now.
      const file = path.join(directory, recordName(owner, 'json'))
      return file === own.file ? undefined : parseRecord(await readFile(file, 'utf8').catch(() => ''), owner)
    }),
  )
  return new Set(contents.flatMap(content => content?.user ?? []))
}

/** Reads a record; undefined when it is none, or not that of the owner in its name. */
export function parseRecord(text: string, {run, process}: RecordOwner): RecordContent | undefined {
  const {data} = recordContent.safeParse(attempt(() => JSON.parse(text)))
  const isOwners = data?.run === run && data.owner.pid === process.pid && data.owner.start === process.start
  // No other file is ever removed, whatever a record says.
  return isOwners && path.isAbsolute(data.draft) && path.basename(data.draft) === draftName(run)
    ? data
    : undefined
}

/**
 * Where a process can be looked for: on one boot of a host, and among the processes that can be seen from one
 * namespace. Each is eight hexadecimal digits.
 */
export interface Whereabouts {
  readonly boot: string
  readonly namespace: string
}

/** Whose record it is. */
export interface RecordOwner {
  /** The run's id. */
  readonly run: string
  /** vmrun's process. */
  readonly process: ProcessIdentity
  readonly whereabouts: Whereabouts
}

/** `draft`: a record that is being written. */
export type RecordKind = 'json' | 'draft'

/** The run, vmrun's pid and start time, the boot, the namespace. */
const pattern =
  /^(?<run>[\da-f]{12})\.(?<pid>[1-9]\d{0,9})\.(?<start>[\w:-]+)\.(?<boot>[\da-f]{8})\.(?<namespace>[\da-f]{8})\.(?:json|draft)$/u

/** Where this process can be looked for. A host that does not name its boots has only one. */
export async function ownWhereabouts(): Promise<Whereabouts> {
  const boot = await bootId().catch(() => '')
  return {boot: shortHash(boot), namespace: shortHash(processNamespace())}
}

/** The name of a record's file. Its owner is in it, so that one that cannot be read can be judged as well. */
export function recordName({run, process, whereabouts}: RecordOwner, kind: RecordKind): string {
  return [run, process.pid, process.start, whereabouts.boot, whereabouts.namespace, kind].join('.')
}

/** Whose record a file is, by its name; undefined when it is none. */
export function parseRecordName(name: string): RecordOwner | undefined {
  const {run, pid, start, boot, namespace} = pattern.exec(name)?.groups ?? {}
  return run === undefined || start === undefined || boot === undefined || namespace === undefined
    ? undefined
    : {run, process: {pid: Number(pid), start}, whereabouts: {boot, namespace}}
}

/** What there is of a run, by the owner of its record. */
export interface OwnerState {
  /** Whether its vmrun is gone. */
  readonly gone: boolean
  /** Whether that may have left processes. */
  readonly processes: boolean
  readonly text: string
}

/** @param here where this process can be looked for itself */
export function stateOf({process: {pid, start}, whereabouts}: RecordOwner, here: Whereabouts): OwnerState {
  if (whereabouts.boot !== here.boot) {
    return {gone: true, processes: false, text: 'the host was booted since'}
  }

  if (whereabouts.namespace !== here.namespace) {
    const text = 'its processes cannot be seen from here, as in another container'
    return {gone: false, processes: true, text}
  }

  const gone = !isAlive({pid, start})
  return {gone, processes: true, text: `its vmrun (process ${pid}) is ${gone ? 'gone' : 'alive'}`}
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
