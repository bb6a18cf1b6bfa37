import {open, readFile, statfs} from 'node:fs/promises'
import prettyBytes from 'pretty-bytes'

/** What a directory is on. */
export interface FileSystem {
  /** Such as `ext4`; undefined where the host does not tell. */
  readonly type: string | undefined
  /** What this user may take of it, in bytes. */
  readonly free: number
}

/** Looks at the file system of a directory. */
export async function fileSystemOf(directory: string): Promise<FileSystem> {
  const [type, {bavail, bsize}] = await Promise.all([typeOf(directory), statfs(directory)])
  return {type, free: bavail * bsize}
}

/** A file system in a sentence: `ext4, 77.6 GiB free`. */
export function fileSystemText({type, free}: FileSystem): string {
  return [...(type === undefined ? [] : [type]), `${prettyBytes(free, {binary: true})} free`].join(', ')
}

/** The same for programs. */
export function spaceFigures({type, free}: FileSystem): {
  readonly fileSystem?: string
  readonly freeBytes: number
} {
  return {...(type !== undefined && {fileSystem: type}), freeBytes: free}
}

/** Whether what is on it takes the host's memory. */
export function isInMemory({type}: FileSystem): boolean {
  return type === 'tmpfs' || type === 'ramfs'
}

/** proc_pid_fdinfo(5): the mount that a file was opened through. */
const mountId = /^mnt_id:\s*(?<id>\d+)$/mu

async function typeOf(directory: string): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    return
  }

  const opened = await open(directory)
  try {
    const [info, mounts] = await Promise.all(
      [`/proc/self/fdinfo/${opened.fd}`, '/proc/self/mountinfo'].map(file => readFile(file, 'utf8')),
    )
    return mountType(mounts ?? '', mountId.exec(info ?? '')?.groups?.['id'])
  } catch {
    return
  } finally {
    await opened.close()
  }
}

/**
 * The type of a mount. proc_pid_mountinfo(5): the first field is the id; the type comes after a lone hyphen.
 */
export function mountType(mounts: string, id: string | undefined): string | undefined {
  const line = mounts.split('\n').find(candidate => candidate.split(' ', 1)[0] === id)
  return line?.split(' - ')[1]?.split(' ', 1)[0]
}
