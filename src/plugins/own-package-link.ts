import {readlink, rename, rm, symlink} from 'node:fs/promises'
import path from 'node:path'
import {codeOf} from '../errors/thrown.js'
import {pathIn} from '../host/path-in.js'

/**
 * Lets installed plugins find this very vmrun when they import it: by a link beside them, as a package manager would
 * put another vmrun there, or none. The package manager may remove it again whenever it installs something.
 *
 * @param directory where the plugins are installed; nothing is done where there are none
 * @param root the directory of vmrun's package
 */
export async function linkOwnPackage(directory: string, root: string): Promise<void> {
  const link = pathIn(directory, 'node_modules/vmrun')
  try {
    if ((await readlink(link)) === root) {
      return
    }
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') {
      // It is no link: somebody has installed another vmrun there.
      return
    }
  }

  await replaceLink(link, root).catch(() => {
    // Where plugins are somebody else's, that one's vmrun makes the link; else the plugin's own error tells.
  })
}

/** Of several that do so at once, each leaves a whole link. */
async function replaceLink(link: string, root: string): Promise<void> {
  // Package managers take what begins with a dot for none of theirs.
  const draft = pathIn(path.dirname(link), `.vmrun-${process.pid}-${performance.now()}`)
  try {
    await symlink(root, draft)
    await rename(draft, link)
  } finally {
    await rm(draft, {force: true})
  }
}
