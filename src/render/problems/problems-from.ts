import {relative, resolve} from 'node:path'
import type {Problem} from '../../instances/problem.js'
import type {ValidatedFile} from '../../validation/validate-file.js'

/**
 * The problems of some files, for whoever knows these by their paths in a repository.
 *
 * @param root the repository's; without it, paths stay as the user named them, as do those of files outside of it
 */
export function problemsFrom(root: string | undefined, files: readonly ValidatedFile[]): readonly Problem[] {
  return files.flatMap(({path, problems}) => {
    const inside = root === undefined ? path : relative(root, resolve(path))
    const file = inside.startsWith('..') ? path : inside
    return problems.map(problem => ({...problem, file}))
  })
}
