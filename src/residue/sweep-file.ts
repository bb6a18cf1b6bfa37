import type {Stats} from 'node:fs'
import {lstat, rm, unlink} from 'node:fs/promises'
import {codeOf, messageOf} from '../errors/thrown.js'
import {pathIn} from '../host/path-in.js'
import {readAtMost} from '../host/read-at-most.js'
import {trustedPath} from '../host/trusted.js'
import {type Death, deathOf} from './death.js'
import {endProcess} from './end-process.js'
import type {ProcessIdentity} from './process-identity.js'
import {parseRecordName, type RecordKind, type Whereabouts} from './record-name.js'
import {parseRecord, type RecordContent} from './run-record.js'

/** `failed`: it should have been removed and is still there. */
export type Outcome = 'removed' | 'leftAlone' | 'failed'

/** What became of a file of the state directory, and of what its run left. */
export interface Swept {
  readonly outcome: Outcome
  /** The id of the run and the name of its instance, where they are known. */
  readonly run?: string
  readonly instance?: string
  /** The id of the QEMU that was still running and was killed. */
  readonly killed?: number
  /** What was removed, or else why it is still there. */
  readonly text: string
}

export interface SweptPlace {
  readonly directory: string
  readonly name: string
  /** Where this process is itself. */
  readonly here: Whereabouts
}

/** Judges one file, and removes what it stands for if its owner is dead. Undefined when somebody else was quicker. */
export async function sweepFile(
  place: SweptPlace,
  signal: AbortSignal | undefined,
): Promise<Swept | undefined> {
  try {
    return await judge(place, signal)
  } catch (error) {
    return codeOf(error) === 'ENOENT'
      ? undefined
      : {outcome: 'failed', text: `it cannot be removed: ${messageOf(error)}`}
  }
}

/** In bytes. */
const longestRecord = 65_536

const noRecord = 'it is no run record'

async function judge(
  {directory, name, here}: SweptPlace,
  signal: AbortSignal | undefined,
): Promise<Swept | undefined> {
  const record = parseRecordName(name)
  if (record === undefined) {
    return {outcome: 'leftAlone', text: noRecord}
  }

  const file = pathIn(directory, name)
  const stranger = whyForeign(file, await lstat(file))
  if (stranger !== undefined) {
    return {outcome: 'leftAlone', text: stranger}
  }

  // Before it is read, as only what a dead owner wrote changes no more.
  const death = deathOf(record.owner, here)
  const content = parseRecord((await readAtMost(file, longestRecord)).toString(), record.owner)
  const known: Known = {run: record.owner.run, ...(content && {instance: content.instance})}
  if (!death.dead) {
    return {outcome: 'leftAlone', ...known, text: `${nameOf(known)}: ${death.text}`}
  }

  return await removeDead({file, kind: record.kind, content, known, death}, signal)
}

/** Why a file is nobody's who may say what is to be killed and removed. */
function whyForeign(file: string, found: Stats): string | undefined {
  if (!found.isFile()) {
    return noRecord
  }

  try {
    trustedPath(file)
    return
  } catch (error) {
    return messageOf(error)
  }
}

type Known = Pick<Swept, 'run' | 'instance'>

interface DeadRun {
  readonly file: string
  readonly kind: RecordKind
  /** Undefined when it cannot be read. */
  readonly content: RecordContent | undefined
  readonly known: Known
  readonly death: Death
}

async function removeDead(dead: DeadRun, signal: AbortSignal | undefined): Promise<Swept | undefined> {
  const {file, content, known, death} = dead
  const qemu = death.processes ? content?.qemu : null
  const end = qemu ? await endProcess(qemu, signal) : 'was-gone'
  if (qemu && end === 'still-there') {
    return {outcome: 'failed', ...known, text: `QEMU of ${nameOf(known)} (process ${qemu.pid}) does not die`}
  }

  if (content !== undefined) {
    await rm(content.draft, {force: true})
  }

  const wasThere = await removed(file)
  const killed = qemu && end === 'killed' ? qemu : undefined
  if (!(wasThere || killed)) {
    return
  }

  return {
    outcome: 'removed',
    ...known,
    ...(killed && {killed: killed.pid}),
    text: whatWasRemoved(dead, killed),
  }
}

/** @returns false when somebody else was quicker */
async function removed(file: string): Promise<boolean> {
  try {
    await unlink(file)
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return false
    }

    throw error
  }
}

function whatWasRemoved({kind, content, known, death}: DeadRun, killed: ProcessIdentity | undefined): string {
  const name = nameOf(known)
  if (content === undefined) {
    return kind === 'draft'
      ? `the half-written record of ${name}: ${death.text}`
      : `the record of ${name}, which could not be read, so that nothing is known of a QEMU: ${death.text}`
  }

  return killed === undefined
    ? `the record of ${name}: ${death.text}`
    : `QEMU of ${name} (process ${killed.pid}) and its record: ${death.text}`
}

function nameOf({run, instance}: Known): string {
  return instance === undefined ? `run ${run}` : instance
}
