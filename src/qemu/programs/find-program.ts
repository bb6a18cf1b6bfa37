import {constants} from 'node:fs'
import {access} from 'node:fs/promises'
import type {Packages} from '../../contract/architecture.js'
import {HostError} from '../../errors/errors.js'
import {findOnPath} from '../../host/environment.js'

/**
 * Finds a program on the PATH.
 *
 * @returns its path as found: some programs go by the name they are called
 * @throws HostError that names the package to install
 */
export async function findProgram(name: string, packages: Packages): Promise<string> {
  const found = await findOnPath(name)
  if (found === undefined) {
    throw new HostError(`${name} is not installed`, {hint: installHint(packages)})
  }

  return found
}

/** Finds the first of some files that is there. @throws HostError that names the package to install */
export async function findFile(what: string, paths: readonly string[], packages: Packages): Promise<string> {
  for (const path of paths) {
    const isReadable = await access(path, constants.R_OK).then(
      () => true,
      () => false,
    )
    if (isReadable) {
      return path
    }
  }

  throw new HostError(`${what} is not installed: none of ${paths.join(', ')} is there`, {
    hint: installHint(packages),
  })
}

/** How to install a package on the systems that most people have; one line each. */
export function installHint({debian, fedora, arch, homebrew}: Packages): readonly string[] {
  return [
    'Install it:',
    ...(debian === undefined ? [] : [`  Debian, Ubuntu    apt-get install ${debian}`]),
    ...(fedora === undefined ? [] : [`  Fedora            dnf install ${fedora}`]),
    ...(arch === undefined ? [] : [`  Arch              pacman -S ${arch}`]),
    ...(homebrew === undefined ? [] : [`  macOS (Homebrew)  brew install ${homebrew}`]),
  ]
}
