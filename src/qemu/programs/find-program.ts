import {constants} from 'node:fs'
import {access, stat} from 'node:fs/promises'
import path from 'node:path'
import type {Packages} from '../../architectures/architecture.js'
import {HostError} from '../../errors.js'

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

/** Finds a program on the PATH; undefined where it is not there. */
export async function findOnPath(name: string): Promise<string | undefined> {
  const directories = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter(directory => path.isAbsolute(directory))
  return await firstThatIs(
    directories.map(directory => path.join(directory, name)),
    isProgram,
  )
}

/** Finds the first of some files that is there. @throws HostError that names the package to install */
export async function findFile(what: string, paths: readonly string[], packages: Packages): Promise<string> {
  const found = await firstThatIs(paths, isReadable)
  if (found === undefined) {
    throw new HostError(`${what} is not installed: none of ${paths.join(', ')} is there`, {
      hint: installHint(packages),
    })
  }

  return found
}

/** How to install a package on the systems that most people have; one line each. */
export function installHint({debian, fedora, arch, homebrew}: Packages): string {
  return [
    'Install it:',
    `  Debian, Ubuntu    apt-get install ${debian}`,
    `  Fedora            dnf install ${fedora}`,
    `  Arch              pacman -S ${arch}`,
    `  macOS (Homebrew)  brew install ${homebrew}`,
  ].join('\n')
}

async function firstThatIs(
  paths: readonly string[],
  condition: (path: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const candidate of paths) {
    if (await condition(candidate)) {
      return candidate
    }
  }

  return
}

async function isProgram(candidate: string): Promise<boolean> {
  try {
    await access(candidate, constants.X_OK)
    return (await stat(candidate)).isFile()
  } catch {
    return false
  }
}

async function isReadable(candidate: string): Promise<boolean> {
  try {
    await access(candidate, constants.R_OK)
    return true
  } catch {
    return false
  }
}
