import {createHash} from 'node:crypto'
import {bootId} from '../host/environment.js'
import {isAlive, type ProcessIdentity, processNamespace} from './process-identity.js'

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
