import {createHash} from 'node:crypto'
import {bootId} from '../host/boot-id.js'
import {type ProcessIdentity, processNamespace} from './process-identity.js'

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
  /^(?<run>[\da-f]{12})\.(?<pid>[1-9]\d{0,9})\.(?<start>[\w:-]+)\.(?<boot>[\da-f]{8})\.(?<namespace>[\da-f]{8})\.(?<kind>json|draft)$/u

/** Where this process can be looked for. A host that does not name its boots has only one. */
export async function ownWhereabouts(): Promise<Whereabouts> {
  const boot = await bootId().catch(() => '')
  return {boot: shortHash(boot), namespace: shortHash(processNamespace())}
}

/** The name of a record's file. Its owner is in it, so that one that cannot be read can be judged as well. */
export function recordName({run, process, whereabouts}: RecordOwner, kind: RecordKind): string {
  return [run, process.pid, process.start, whereabouts.boot, whereabouts.namespace, kind].join('.')
}

/** Reads the name of a file; undefined when it is not that of a record. */
export function parseRecordName(
  name: string,
): {readonly owner: RecordOwner; readonly kind: RecordKind} | undefined {
  const {run, pid, start, boot, namespace, kind} = pattern.exec(name)?.groups ?? {}
  if (run === undefined || start === undefined || boot === undefined || namespace === undefined) {
    return
  }

  return {
    owner: {run, process: {pid: Number(pid), start}, whereabouts: {boot, namespace}},
    kind: kind === 'draft' ? 'draft' : 'json',
  }
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
