import {chmod, cp, mkdir, mkdtemp, rm, symlink} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import type {TestProject} from 'vitest/node'
import {npm} from './npm.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** The executable that tests are about, where it is not this tree's. */
    readonly program?: string
    /** Paths of vmrun as its users have it. */
    readonly packed: {
      /** The package, as it is published. */
      readonly tarball: string
      /** The directory that the package is installed in. */
      readonly root: string
      /** The directory of the executable, for the PATH. */
      readonly programs: string
    }
  }
}

const tree = fileURLToPath(new URL('../..', import.meta.url))

/** What packing needs neither of nor may write to, as other tests use it at the same time. */
const left = new Set(['.git', 'node_modules', 'dist', 'coverage', 'examples'])

/** Packs vmrun and installs the package into an empty prefix, before the first test that needs it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(path.join(tmpdir(), 'vmrun-packed-'))
  const remove = (): Promise<void> => rm(directory, {recursive: true})
  try {
    await install(project, directory)
  } catch (error) {
    await remove()
    throw error
  }

  return remove
}

async function install(project: TestProject, directory: string): Promise<void> {
  // Also for the user that QEMU runs as.
  await chmod(directory, 0o755)
  const prefix = path.join(directory, 'prefix')
  await mkdir(prefix)
  const tarball = await pack(directory)
  await npm(directory, 'install', '--global', '--prefix', prefix, tarball)
  const programs = path.join(prefix, 'bin')
  project.provide('program', path.join(programs, 'vmrun'))
  project.provide('packed', {tarball, root: path.join(prefix, 'lib', 'node_modules', 'vmrun'), programs})
}

async function pack(directory: string): Promise<string> {
  const copy = path.join(directory, 'tree')
  await cp(tree, copy, {recursive: true, filter: file => !left.has(path.relative(tree, file))})
  await symlink(path.join(tree, 'node_modules'), path.join(copy, 'node_modules'))
  const name = (await npm(copy, 'pack', '--pack-destination', directory)).trim().split('\n').at(-1)
  return path.join(directory, String(name))
}
