import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {ProcessIdentity} from '../../src/residue/process-identity.js'
import {
  ownWhereabouts,
  type RecordContent,
  type RecordKind,
  recordName,
  type Whereabouts,
} from '../../src/residue/run-record.js'

export const runId = '0123456789ab'

/** A record as a vmrun of this version would have written it. */
export interface WrittenRecord {
  readonly owner: ProcessIdentity
  readonly whereabouts?: Partial<Whereabouts>
  readonly kind?: RecordKind
  readonly content?: Partial<RecordContent>
  /** Instead of a content. */
  readonly text?: string
}

/** Writes a record by hand. @returns the name of its file */
export async function writeRecord(
  directory: string,
  {owner: {pid, start}, whereabouts, kind = 'json', content, text}: WrittenRecord,
): Promise<string> {
  const owner = {pid, start}
  const run = content?.run ?? runId
  const name = recordName(
    {run, process: owner, whereabouts: {...(await ownWhereabouts()), ...whereabouts}},
    kind,
  )
  const whole: RecordContent = {
    run,
    instance: 'vm-1',
    owner,
    since: '2026-01-01T00:00:00.000Z',
    deadline: null,
    user: null,
    qemu: null,
    draft: path.join(directory, `.vmrun-${run}`),
    ...content,
  }
  await writeFile(path.join(directory, name), text ?? `${JSON.stringify(whole)}\n`, {mode: 0o600})
  return name
}

/** The whereabouts of somebody else: another boot, or another namespace. */
export const elsewhere = '00000000'
