import {type FSWatcher, watch} from 'node:fs'
import type {ImageFile} from './image-file.js'

/** Watches over the files of a base image while a guest reads them. */
export interface ImageWatch {
  /** The path of the first file that was seen to change; pending as long as none was. */
  readonly changed: Promise<string>
  /** Looks whether a file has changed since the watch began, and gives its path. To be called while they are open. */
  readonly check: () => Promise<string | undefined>
  /** Ends the notices. `check` goes on to work. */
  readonly close: () => void
}

/**
 * Begins to watch open files for changes of what they hold: of QEMU, which reads what is there now, zeros where there
 * is nothing, nobody would learn of it. That a file is deleted, renamed or replaced by another one is no change, as the
 * one that is open stays what it was.
 *
 * The system's notices make `changed` quick, and never keep the process alive. They may be missing: on network file
 * systems, on macOS, or where the system has no more watches to give. Only `check` misses nothing.
 */
export async function watchImage(files: readonly ImageFile[]): Promise<ImageWatch> {
  const before = await Promise.all(files.map(stampOf))
  const check = async (): Promise<string | undefined> => {
    for (const [index, file] of files.entries()) {
      if ((await stampOf(file)) !== before[index]) {
        return file.path
      }
    }

    return
  }

  const watchers: FSWatcher[] = []
  const close = (): void => {
    for (const watcher of watchers.splice(0)) {
      watcher.close()
    }
  }

  const changed = new Promise<string>(resolve => {
    const look = async (): Promise<void> => {
      const path = await check()
      // Closed meanwhile: the files may be closed as well, which is no change.
      if (path !== undefined && watchers.length > 0) {
        close()
        resolve(path)
      }
    }

    for (const {handle} of files) {
      try {
        // The file's own path may lead to another file by now.
        const watcher = watch(`/proc/self/fd/${handle.fd}`, {persistent: false}, () => {
          look().catch(() => undefined)
        })
        watchers.push(watcher.on('error', () => undefined))
      } catch {
        // There are no notices to be had.
      }
    }
  })
  return {changed, check, close}
}

/**
 * What differs once a file's content does. Undefined for a file that cannot be looked at any more, as one on a network file
 * system that was deleted there.
 */
async function stampOf({handle}: ImageFile): Promise<string | undefined> {
  return await handle.stat({bigint: true}).then(
    ({size, mtimeNs}) => `${size} ${mtimeNs}`,
    () => undefined,
  )
}
