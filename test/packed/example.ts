import {cp, mkdir, readdir, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {inject} from 'vitest'
import {Command, type Ending} from '../e2e/command.js'
import {npm} from './npm.js'

const tree = fileURLToPath(new URL('../..', import.meta.url))
const examples = path.join(tree, 'examples')

/** What a build leaves in an example. */
const built = new Set(['node_modules', 'dist', 'package-lock.json'])

/** The names of the plugins among the examples. */
export async function exampleNames(): Promise<readonly string[]> {
  const entries = await readdir(examples, {withFileTypes: true})
  return entries.filter(entry => entry.isDirectory()).map(({name}) => name)
}

/** Copies an example as its author has it, who has installed nothing yet. @returns the copy's directory */
export async function copyExample(name: string, parent: string): Promise<string> {
  const source = path.join(examples, name)
  const copy = path.join(parent, name)
  await cp(source, copy, {recursive: true, filter: file => !built.has(path.relative(source, file))})
  return copy
}

/** The same with what its author has installed: this tree's compiler and vitest, and the packed vmrun. */
async function copyInstalledExample(name: string, parent: string): Promise<string> {
  const copy = await copyExample(name, parent)
  const modules = path.join(copy, 'node_modules')
  await mkdir(modules)
  for (const one of ['.bin', '@types', 'typescript', 'vitest']) {
    await symlink(path.join(tree, 'node_modules', one), path.join(modules, one))
  }

  await symlink(inject('packed').root, path.join(modules, 'vmrun'))
  return copy
}

/** The file that `npm pack` makes of an example with what its author has installed. */
export async function packedExample(name: string, parent: string): Promise<string> {
  const copy = await copyInstalledExample(name, parent)
  await npm(copy, 'pack')
  return path.join(copy, `${name}-1.0.0.tgz`)
}

/** A plugin of one file, with what an example's author has installed, and with the example's settings. */
export async function pluginProject(source: string, parent: string): Promise<string> {
  const directory = await copyInstalledExample('vmrun-plugin-s390x', parent)
  await writeFile(path.join(directory, 'src', 'plugin.ts'), source)
  return directory
}

/** Compiles a plugin. */
export async function compile(directory: string): Promise<Ending> {
  return await new Command('npm', ['run', 'build'], process.env, directory).ended
}
