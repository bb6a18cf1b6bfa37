import {lstat, readdir, rm, unlink} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'
import {attempt, codeOf, messageOf} from '../errors/errors.js'
import {pathIn} from '../host/path-in.js'
import {readAtMost} from '../host/read-file.js'
import {trustedPath} from '../host/trusted.js'
import {identityOf, isAlive, ownIdentity, type ProcessIdentity} from './process-identity.js'
import {
  ownWhereabouts,
  parseRecord,
  parseRecordName,
  type RecordOwner,
  stateOf,
  type Whereabouts,
} from './run-record.js'

/** A file of the state directory, and what there is to be told of it. */
interface SweptFile {
  /** The file's name. */
  readonly file: string
  /** The id of the run and the name of its instance, where they are known. */
  readonly run?: string
  readonly instance?: string
  /** The id of the QEMU that was still running and was killed. */
  readonly killed?: number
  /** What was removed, or else why it is still there. */
  readonly text: string
}

/** `failed`: it should have been removed and is still there. */
type Outcome = 'removed' | 'leftAlone' | 'failed'

/** What a sweep did. */
export type SweepReport = Readonly<Record<Outcome, readonly SweptFile[]>>

/** What became of a file, and of what its run left. */
type Swept = Omit<SweptFile, 'file'> & {readonly outcome: Outcome}

/**
 * Removes what dead runs left: a QEMU that still runs, the one file that may have had a name, and the record. A run is
 * dead when its vmrun is gone, or the host was booted since. What belongs to a living vmrun, to another user, or to
 * processes that cannot be seen from here is left alone, and so is every file that is no record. Two sweeps at once do
 * no harm: what one has removed the other does not tell of.
 *
 * @param directory as `findStateDirectory` gives it; one that is not there holds nothing
 * @param signal ends the wait for a process that was killed
 * @throws HostError where nothing can be told of processes; what `readdir` throws
 */
export async function sweep(directory: string, signal?: AbortSignal): Promise<SweepReport> {
  const names = (await unlessGone(readdir(directory))) ?? []
  ownIdentity()
  const here = await ownWhereabouts()
  const swept = await Promise.all(
    names.sort().map(async file => ({file, swept: await sweepFile(directory, file, here, signal)})),
  )
  const report: Record<Outcome, SweptFile[]> = {removed: [], leftAlone: [], failed: []}
  for (const {file, swept: found} of swept) {
    if (found !== undefined) {
      const {outcome, ...told} = found
      report[outcome].push({file, ...told})
    }
  }

  return report
}

/** Undefined where something is not there, as somebody else was quicker. */
async function unlessGone<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return
    }

    throw error
  }
}

/** In bytes. */
const longestRecord = 65_536

const noRecord = {outcome: 'leftAlone', text: 'it is no run record'} as const

async function sweepFile(
  directory: string,
  name: string,
  here: Whereabouts,
  signal: AbortSignal | undefined,
): Promise<Swept | undefined> {
  const owner = parseRecordName(name)
  const file = pathIn(directory, name)
  try {
    return owner === undefined || (await unlessGone(lstat(file)))?.isFile() === false
      ? noRecord
      : (whyDistrusted(file) ?? (await unlessGone(sweepRecord(file, owner, here, signal))))
  } catch (error) {
    return {outcome: 'failed', text: `it cannot be removed: ${messageOf(error)}`}
  }
}

/** What is told of a file of which somebody else may say what is to be killed and removed. */
function whyDistrusted(file: string): Swept | undefined {
  try {
    trustedPath(file)
    return
  } catch (error) {
    return {outcome: 'leftAlone', text: messageOf(error)}
  }
}

/** Removes a record, and what it stands for, if its owner is gone. */
async function sweepRecord(
  file: string,
  owner: RecordOwner,
  here: Whereabouts,
  signal: AbortSignal | undefined,
): Promise<Swept | undefined> {
  // Before it is read, as only what a dead owner wrote changes no more.
  const {gone, processes, text: why} = stateOf(owner, here)
  const content = parseRecord((await readAtMost(file, longestRecord)).toString(), owner)
  const title = content?.instance ?? `run ${owner.run}`
  const known = {run: owner.run, ...(content && {instance: content.instance})}
  if (!gone) {
    return {...known, outcome: 'leftAlone', text: `${title}: ${why}`}
  }

  const qemu = processes ? content?.qemu : undefined
  const end = qemu ? await endProcess(qemu, signal) : 'was-gone'
  if (qemu && end === 'still-there') {
    return {...known, outcome: 'failed', text: `QEMU of ${title} (process ${qemu.pid}) does not die`}
  }

  if (content !== undefined) {
    await rm(content.draft, {force: true})
  }

  const isRemoved = await unlessGone(unlink(file).then(() => true))
  if (qemu && end === 'killed') {
    const text = `QEMU of ${title} (process ${qemu.pid}) and its record: ${why}`
    return {...known, outcome: 'removed', killed: qemu.pid, text}
  }

  const unread = content ? '' : ', which could not be read, so that nothing is known of a QEMU'
  return isRemoved
    ? {...known, outcome: 'removed', text: `the record of ${title}${unread}: ${why}`}
    : undefined
}

/** How long a process may take to be gone once it was killed, in milliseconds. */
const killLimit = 10_000

/** How often it is looked for meanwhile, in milliseconds: nobody tells of the end of a process that is no child. */
const lookInterval = 20

/**
 * Kills a process and the process group that it leads, if it is still the very same, and waits until it is gone.
 *
 * It is QEMU, as whatever stands in front of QEMU becomes it by exec. For a program that forks it instead, this is the
 * place to look for the rest of its group: once the leader is gone, the group's number alone does not tell whose it is.
 *
 * @param signal ends the wait
 * @returns how it went; `still-there`: ten seconds later, or it is one that must not be killed, such as this one
 */
export async function endProcess(
  identity: ProcessIdentity,
  signal?: AbortSignal,
): Promise<'was-gone' | 'killed' | 'still-there'> {
  const {pid} = identity
  if (!isAlive(identity)) {
    return 'was-gone'
  }

  // kill(2) takes 0 and -1 for many; and nobody means process 1. One that is hidden might be another one by now.
  const mayBeKilled = Number.isInteger(pid) && pid > 1 && pid !== process.pid && identityOf(pid) !== undefined
  if (!(mayBeKilled && attempt(() => process.kill(-pid, 'SIGKILL')))) {
    return isAlive(identity) ? 'still-there' : 'was-gone'
  }

  const limit = performance.now() + killLimit
  while (isAlive(identity)) {
    if (performance.now() > limit || signal?.aborted) {
      return 'still-there'
    }

    await sleep(lookInterval)
  }

  return 'killed'
}
