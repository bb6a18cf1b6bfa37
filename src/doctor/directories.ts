import {readlink, stat, statfs} from 'node:fs/promises'
import path from 'node:path'
import prettyBytes from 'pretty-bytes'
import {codeOf} from '../errors/errors.js'
import {pathIn} from '../host/path-in.js'
import {failedCall} from '../host/resource-hint.js'
import {openUnnamed, otherWorkDirectory, workDirectory, workDirectoryName} from '../host/work-directory.js'
import {askProgram} from '../qemu/programs/find-program.js'
import {findStateDirectory, stateDirectoryName} from '../residue/state-directory.js'
import {capitalized} from '../text/capitalized.js'
import {type Finding, lookAt} from './finding.js'
import {ownName} from './protection.js'

const otherStateDirectory = 'name another state directory with VMRUN_STATE_DIR'

/** Below this there is hardly a guest that does not fill it, in bytes. */
const littleForGuests = 2 ** 30

/** A record takes a few KiB, and there is one for each run that goes on, in bytes. */
const littleForRecords = 2 ** 20

/** What was found by making a file in a directory. */
export interface Tried {
  /** Such as `ext4`; absent where nobody tells. */
  readonly fileSystem?: string
  /** What this user may take of it. */
  readonly freeBytes: number
  /** Whether files can be made that never have a name (O_TMPFILE). */
  readonly unnamedFiles: boolean
}

/** Looks at the work directory. @param named by `--work-dir` */
export async function examineWorkDirectory(
  named: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<Finding> {
  const look = {check: 'work-directory', subject: workDirectoryName(named, environment)} as const
  return await lookAt(look, async () => {
    const directory = await workDirectory(named, environment)
    const complaint = `no file can be made in ${directory}`
    return workDirectoryFinding(directory, await tryFile(directory, complaint, otherWorkDirectory))
  })
}

export function workDirectoryFinding(directory: string, tried: Tried): Finding {
  const {fileSystem, freeBytes, unnamedFiles} = tried
  const shortcomings = [
    ...(fileSystem === 'tmpfs' || fileSystem === 'ramfs' ? [takesMemory] : []),
    ...(freeBytes < littleForGuests ? [nearlyFull] : []),
    ...(unnamedFiles ? [] : [nameForAMoment]),
  ]
  const names = unnamedFiles ? 'never have a name (O_TMPFILE)' : 'have a name for a moment (no O_TMPFILE)'
  return {
    check: 'work-directory',
    subject: directory,
    state: shortcomings.length === 0 ? 'good' : 'poor',
    message: `${directory} (${fileSystemText(tried)}), files ${names}`,
    ...(shortcomings.length > 0 && {hint: shortcomings.join('\n')}),
    ...tried,
  }
}

const takesMemory = `It is in memory: what guests write to their disks takes memory from this host. On a host with little, ${otherWorkDirectory}.`
const nearlyFull = `A guest that fills it fails: free some space, or ${otherWorkDirectory}.`
const nameForAMoment =
  'Should vmrun be killed in that moment, and all that it started too, a file stays until the next run.'

/** Looks at the directory for run records, or, where it is not there yet, at where it would be made. */
export async function examineStateDirectory(environment: NodeJS.ProcessEnv): Promise<Finding> {
  const look = {check: 'state-directory', subject: stateDirectoryName(environment)} as const
  const found: {exists?: boolean} = {}
  const finding = await lookAt(look, async () => {
    const {path: directory, exists} = findStateDirectory(environment)
    found.exists = exists
    const complaint = `${directory} cannot be ${exists ? 'written to' : 'made'}`
    return stateDirectoryFinding(directory, exists, await tryFile(directory, complaint, otherStateDirectory))
  })
  return {...finding, ...found}
}

/** @param exists whether it is there already */
export function stateDirectoryFinding(directory: string, exists: boolean, tried: Tried): Finding {
  const {unnamedFiles: _, ...figures} = tried
  const whose = exists ? `owned by ${ownName()}` : 'the first run makes it'
  const found = {
    check: 'state-directory',
    subject: directory,
    message: `${directory} (${fileSystemText(tried)}), ${whose}`,
    ...figures,
    exists,
  } as const
  const hint = `Once it is full, no run starts: free some space, or ${otherStateDirectory}.`
  return tried.freeBytes < littleForRecords ? {...found, state: 'poor', hint} : {...found, state: 'good'}
}

/** As much as a file takes of a disk at least, in bytes: an empty one can be made on a disk that is full. */
const block = 4096

/**
 * Makes a file as a run does, with something in it, in a directory, or, where it is not there, in the one that it would be
 * made in. It is gone at once.
 *
 * @param complaint what is said where it cannot be made
 * @param elsewhere what to do then, within a sentence
 * @throws HostError
 */
async function tryFile(directory: string, complaint: string, elsewhere: string): Promise<Tried> {
  try {
    const there = await nearestExisting(directory)
    const name = pathIn(there, `.vmrun-doctor-${process.pid}`)
    const {writable, readOnly} = await openUnnamed(there, name)
    try {
      await writable.writeFile(new Uint8Array(block))
      // proc_pid_fd(5): a file that was deleted still tells its name.
      const link = await readlink(`/proc/self/fd/${writable.fd}`).catch(() => name)
      const {bavail, bsize} = await statfs(there)
      const unnamedFiles = !path.basename(link).startsWith(path.basename(name))
      return {...(await typeOf(there)), freeBytes: bavail * bsize, unnamedFiles}
    } finally {
      await Promise.all([writable.close(), readOnly.close()])
    }
  } catch (error) {
    throw failedCall(complaint, error, elsewhere, `${capitalized(elsewhere)}.`)
  }
}

async function nearestExisting(directory: string): Promise<string> {
  const isAbsent = await stat(directory).then(
    () => false,
    (error: unknown) => codeOf(error) === 'ENOENT',
  )
  return isAbsent ? await nearestExisting(path.dirname(directory)) : directory
}

/** The type of a directory's file system, by findmnt (util-linux), which tells that of a mount on another mount last. */
async function typeOf(directory: string): Promise<Pick<Tried, 'fileSystem'>> {
  const options = ['--noheadings', '--output', 'FSTYPE', '--target', directory]
  const {stdout, failure} = await askProgram(['findmnt', ...options])
  const fileSystem = stdout.trim().split('\n').at(-1)
  return failure === undefined && fileSystem !== undefined ? {fileSystem} : {}
}

/** A file system in a sentence: `ext4, 77.6 GiB free`. */
function fileSystemText({fileSystem, freeBytes}: Tried): string {
  return `${fileSystem === undefined ? '' : `${fileSystem}, `}${prettyBytes(freeBytes, {binary: true})} free`
}
