import {mkdir, symlink} from 'node:fs/promises'
import {temporaryDirectory} from './temporary-directory.js'

/**
 * A directory in which a text and the kernel lead to different files: `current` is a link to `releases/5`, so
 * `current/../images` is `releases/images`, and not `images`, which is there too.
 */
export async function releases(): Promise<{readonly root: string}> {
  const root = await temporaryDirectory()
  await Promise.all(
    ['releases/5', 'releases/images', 'images'].map(name => mkdir(`${root}/${name}`, {recursive: true})),
  )
  await symlink('releases/5', `${root}/current`)
  return {root}
}
