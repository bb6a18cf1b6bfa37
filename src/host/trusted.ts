import {existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, type Stats} from 'node:fs'
import path from 'node:path'
import {attempt, codeOf, HostError, messageOf, UsageError} from '../errors/errors.js'
import {absolutePath} from './path-in.js'

const writableByGroup = 0o020
const writableByOthers = 0o002
const sticky = 0o1000

/** As many links as Linux follows: path_resolution(7). */
const mostLinks = 40

/**
 * Finds out that nobody but this user and root can have written a file, or what is in a directory: neither it, nor any
 * directory or link on the way to it, is somebody else's, or can be written to by others. Of a directory that is
 * sticky, as /tmp is, others can only have what they own. This is what everything goes through that vmrun believes:
 * records, caches, plugins.
 *
 * @param named a relative path begins at the working directory
 * @param shared whether others may add to it, as to /tmp, as long as they cannot rename or remove what is this user's
 * @returns where it really is, behind all links; undefined where nothing is there yet, and only this user and root can
 *   put it there, or be the first to
 * @throws UsageError that names what is in doubt, HostError that names what cannot be looked at
 */
export function trustedPath(named: string, {shared = false} = {}): string | undefined {
  const end = walk('/', absolutePath(named))
  if (end.found === undefined) {
    return
  }

  if (!shared) {
    demandOwned(end.path, end.found)
    demandUnwritable(end.path, end.found)
  }

  return end.path
}

/**
 * The same for a directory, which is made where it is not there yet: with mode 0700, and so is what is missing above it.
 *
 * @throws also HostError when it cannot be made
 */
export function trustedDirectory(named: string): string {
  if (trustedPath(named) === undefined) {
    try {
      makeDirectory(named)
    } catch (error) {
      throw new HostError(`${named} cannot be made: ${messageOf(error)}`, {cause: error})
    }
  }

  // Where others can make directories too, one of them may have been quicker.
  return trustedPath(named) ?? named
}

/** Not by Node's own `recursive`, which tries for ever where the kernel makes none, as it does below /proc. */
function makeDirectory(directory: string): void {
  if (!existsSync(directory)) {
    makeDirectory(path.dirname(directory))
    try {
      mkdirSync(directory, {mode: 0o700})
    } catch (error) {
      // Another vmrun may have been quicker.
      if (codeOf(error) !== 'EEXIST') {
        throw error
      }
    }
  }
}

/**
 * Has a doubt told as one about what somebody could have named otherwise.
 *
 * @param what such as `the state directory /run/vmrun`
 * @param elsewhere what to do where it is no matter of permissions
 */
export function askedAs<Result>(what: string, elsewhere: string, find: () => Result): Result {
  try {
    return find()
  } catch (error) {
    if (error instanceof UsageError) {
      const hint = error.hint ?? elsewhere
      throw new UsageError(`${what} is not safe: ${error.message}`, {hint, cause: error})
    }

    throw error instanceof HostError
      ? new HostError(`${what}: ${error.message}`, {hint: elsewhere, cause: error})
      : error
  }
}

/** Where a path leads; `found` is undefined where nothing is there. */
interface End {
  readonly path: string
  readonly found: Stats | undefined
}

function walk(start: string, way: string, links = 0): End {
  let here: End = {path: start, found: look(start)}
  for (const name of way.split('/')) {
    if (name === '..') {
      here = {path: path.dirname(here.path), found: look(path.dirname(here.path))}
    } else if (name !== '' && name !== '.') {
      const next = path.join(here.path, name)
      here = here.found === undefined ? {path: next, found: undefined} : step(next, links)
    }
  }

  return here
}

function step(file: string, links: number): End {
  const found = look(file)
  if (!found?.isSymbolicLink()) {
    return {path: file, found}
  }

  const target = readlinkSync(file)
  const end =
    links < mostLinks
      ? walk(path.isAbsolute(target) ? '/' : path.dirname(file), target, links + 1)
      : undefined
  if (end?.found === undefined) {
    throw new UsageError(`${file} is a link to nothing`)
  }

  return end
}

/** Looks at one component. @throws UsageError where others can put something else in its place, or into it */
function look(file: string): Stats | undefined {
  const found = lookedAt(file)
  if (found !== undefined) {
    // In a user namespace `/` belongs to the number that stands for everybody outside, root among them.
    demandOwned(file, found, lookedAt('/')?.uid)
    const isSticky = found.isDirectory() && (found.mode & sticky) !== 0
    if (!(isSticky || found.isSymbolicLink())) {
      demandUnwritable(file, found)
    }
  }

  return found
}

function lookedAt(file: string): Stats | undefined {
  try {
    return lstatSync(file)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return
    }

    throw new HostError(`${file} cannot be looked at: ${messageOf(error)}`, {cause: error})
  }
}

/** @param alike one more user who may own it */
function demandOwned(file: string, found: Stats, alike?: number): void {
  const {uid} = found
  if (!(isOwnOrRoot(uid) || uid === alike)) {
    const belongs = found.isSymbolicLink() ? 'is a symbolic link of' : 'belongs to'
    throw new UsageError(`${file} ${belongs} another user (${uid})`)
  }
}

function demandUnwritable(file: string, {mode, gid}: Stats): void {
  if ((mode & writableByOthers) !== 0 || ((mode & writableByGroup) !== 0 && !isPrivateGroup(gid))) {
    throw new UsageError(`${file} can be written to by other users`, {
      hint: `Take that right away: chmod go-w ${file}`,
    })
  }
}

function isOwnOrRoot(uid: number): boolean {
  return uid === 0 || uid === process.getuid?.()
}

/**
 * Whether nobody is in a group but this user and root. Where each user has a group of the same name, as on most systems,
 * what users make is often for that group to write to.
 */
function isPrivateGroup(gid: number): boolean {
  const users = entriesOf('/etc/passwd')
  const own = users.filter(([, , uid]) => isOwnOrRoot(Number(uid))).map(([name]) => name)
  const group = entriesOf('/etc/group').find(([name, , id]) => Number(id) === gid && own.includes(name))
  const members = [
    ...(group?.[3]?.split(',').filter(name => name !== '') ?? []),
    ...users.filter(([, , , primary]) => Number(primary) === gid).map(([name]) => name),
  ]
  return group !== undefined && members.every(name => own.includes(name))
}

/** The entries of passwd(5) or group(5), each of them its fields; none where there is no such file. */
export function entriesOf(file: string): readonly (readonly string[])[] {
  const lines = attempt(() => readFileSync(file, 'utf8'))?.split('\n') ?? []
  return lines.map(line => line.split(':'))
}
