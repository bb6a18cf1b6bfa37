import {renameSync, rmSync, writeFileSync} from 'node:fs'
import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {isRecord} from '../contract/json-value.js'
import {HostError} from '../errors/errors.js'
import {messageOf} from '../errors/thrown.js'
import {pathIn} from '../host/path-in.js'
import {resourceHint} from '../host/resource-hint.js'
import {draftName} from '../host/unnamed-file.js'
import {ownIdentity, type ProcessIdentity} from './process-identity.js'
import {ownWhereabouts, parseRecordName, type RecordOwner, recordName} from './record-name.js'

/** What a record says beside its name. Never anything of a config. */
export interface RecordContent {
  readonly run: string
  readonly instance: string
  /** vmrun's process. */
  readonly owner: ProcessIdentity
  /** When the run started, in ISO 8601. */
  readonly since: string
  /** When its guest's time is up, in ISO 8601; null until it is known. */
  readonly deadline: string | null
  /** The number that was taken for QEMU to run as; null where none was. */
  readonly user: number | null
  /** Null until there is one. */
  readonly qemu: ProcessIdentity | null
  /** The one file outside of the state directory that the run may have had for a moment. */
  readonly draft: string
}

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

  private constructor(owner: RecordOwner, {id, instance, draft}: RecordedRun, directory: string) {
    this.file = pathIn(directory, recordName(owner, 'json'))
    this.draft = pathIn(directory, recordName(owner, 'draft'))
    this.#content = {
      run: id,
      instance: instance.name,
      owner: owner.process,
      since: new Date().toISOString(),
      deadline: null,
      user: null,
      qemu: null,
      draft,
    }
  }

  /** Writes it, mode 0600. A reader finds it whole or as it was before. @throws HostError */
  write(further: Partial<Pick<RecordContent, 'deadline' | 'user' | 'qemu'>> = {}): void {
    this.#content = {...this.#content, ...further}
    try {
      writeFileSync(this.draft, `${JSON.stringify(this.#content)}\n`, {mode: 0o600})
      renameSync(this.draft, this.file)
    } catch (error) {
      throw new HostError(`cannot write the run record ${this.file}: ${messageOf(error)}`, {
        hint:
          resourceHint(error, 'name another state directory with VMRUN_STATE_DIR') ??
          'Name a directory that you can write to with VMRUN_STATE_DIR.',
        cause: error,
      })
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
  const contents = await Promise.all(
    (await readdir(directory)).map(async name => {
      const record = parseRecordName(name)
      if (record === undefined) {
        return
      }

      // By its final name also where a draft was seen, which may have that one by now.
      const file = path.join(directory, recordName(record.owner, 'json'))
      return file === own.file
        ? undefined
        : parseRecord(await readFile(file, 'utf8').catch(() => ''), record.owner)
    }),
  )
  return new Set(contents.flatMap(content => content?.user ?? []))
}

/** Reads a record; undefined when it is none, or not that of the owner in its name. */
export function parseRecord(text: string, {run, process}: RecordOwner): RecordContent | undefined {
  const content = parsed(text)
  if (!isRecord(content)) {
    return
  }

  const {instance, since, deadline, user = null, qemu, draft} = content
  const owner = identityIn(content['owner'])
  const machine = qemu === null ? null : identityIn(qemu, 2)
  const fits = content['run'] === run && owner?.pid === process.pid && owner.start === process.start
  if (
    !fits ||
    typeof instance !== 'string' ||
    typeof since !== 'string' ||
    !(deadline === null || typeof deadline === 'string') ||
    !(user === null || typeof user === 'number') ||
    machine === undefined ||
    !isDraftOf(run, draft)
  ) {
    return
  }

  return {run, instance, owner, since, deadline, user, qemu: machine, draft}
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return
  }
}

/** @param lowest 2 for a process that may be killed: kill(2) takes 0 and -1 for many */
function identityIn(value: unknown, lowest = 1): ProcessIdentity | undefined {
  if (!isRecord(value)) {
    return
  }

  const {pid, start} = value
  return typeof pid === 'number' && Number.isInteger(pid) && pid >= lowest && typeof start === 'string'
    ? {pid, start}
    : undefined
}

/** No other file is ever removed, whatever a record says. */
function isDraftOf(run: string, draft: unknown): draft is string {
  return typeof draft === 'string' && path.isAbsolute(draft) && path.basename(draft) === draftName(run)
}
