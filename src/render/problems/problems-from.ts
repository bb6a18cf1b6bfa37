import {realpath} from 'node:fs/promises'
import {relative} from 'node:path'
import type {Problem} from '../../instances/problem.js'
import {placeOf} from '../../path-in.js'
import type {ValidatedFile} from '../../validation/validate-file.js'

/**
 * The problems of some files, for whoever knows these by their paths in a repository.
 *
 * @param root the repository's; without it, paths stay as the user named them, as do those of files outside of it
 */
export async function problemsFrom(
  root: string | undefined,
  files: readonly ValidatedFile[],
): Promise<readonly Problem[]> {
  const named = files.map(async ({path, problems}) => {
    const file = root === undefined ? path : await nameIn(root, path)
    return problems.map(problem => ({...problem, file}))
  })
  return (await Promise.all(named)).flat()
}

async function nameIn(root: string, path: string): Promise<string> {
  try {
    const inside = relative(await realpath(root), await placeOf(path))
    return inside.startsWith('..') ? path : inside
  } catch {
    return path
  }
}
