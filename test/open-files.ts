import {readdir, readlink} from 'node:fs/promises'

/** The files that a process holds open. */
export async function openFiles(pid: number): Promise<readonly string[]> {
  const directory = `/proc/${pid}/fd`
  const descriptors = await readdir(directory)
  // One that is closed meanwhile is none.
  return await Promise.all(descriptors.map(name => readlink(`${directory}/${name}`).catch(() => '')))
}
