import {constants} from 'node:fs'
import {access} from 'node:fs/promises'
import type {Packages} from '../../contract/architecture.js'
import {HostError} from '../../errors/errors.js'
import {bareEnvironment, findOnPath} from '../../host/environment.js'
import type {Command} from '../fence/confine.js'

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
function installHint({debian, fedora, arch, homebrew}: Packages): readonly string[] {
  return [
    'Install it:',
    ...(debian === undefined ? [] : [`  Debian, Ubuntu    apt-get install ${debian}`]),
    ...(fedora === undefined ? [] : [`  Fedora            dnf install ${fedora}`]),
    ...(arch === undefined ? [] : [`  Arch              pacman -S ${arch}`]),
    ...(homebrew === undefined ? [] : [`  macOS (Homebrew)  brew install ${homebrew}`]),
  ]
}

/** How long a program may take that only prints something, in milliseconds. */
const limit = 10_000

/** What a program printed that was asked for something. */
export interface Answer {
  readonly stdout: string
  /** Why it is none, in a line; undefined where the program ended well. */
  readonly failure: string | undefined
}

/** Runs a program that prints something and ends, such as with `--version`. It never rejects for how the program ends. */
export async function askProgram([program, ...options]: Command, signal?: AbortSignal): Promise<Answer> {
  const {execa} = await import('execa')
  const {stdout, stderr, failed, shortMessage} = await execa(program, options, {
    reject: false,
    timeout: limit,
    killSignal: 'SIGKILL',
    ...(signal && {cancelSignal: signal}),
    stdin: 'ignore',
    // QEMU looks for firmware where it is called first.
    cwd: '/',
    extendEnv: false,
    env: {...bareEnvironment(), LC_ALL: 'C'},
  })
  const complaint = stderr.split('\n').find(line => line.trim() !== '')
  return {stdout, failure: failed ? (complaint?.trim() ?? shortMessage) : undefined}
}
