import {realpath} from 'node:fs/promises'
import {relative} from 'node:path'
import {placeOf} from '../../host/path-in.js'
import {formatProblem, type Problem} from '../../instances/problem.js'
import {printable} from '../../text/printable.js'
import type {ValidatedFile} from '../../validation/validate-files.js'

/** A line for each problem, in the form that editors and compilers share, and one that counts them. */
export function plainProblems(files: readonly ValidatedFile[]): string {
  return [...files.flatMap(({problems}) => problems.map(formatProblem)), summaryOf(files)].join('\n')
}

/** Problems for programs: see docs/json.md. */
export function jsonProblems(files: readonly ValidatedFile[]): {readonly problems: readonly Problem[]} {
  return {problems: files.flatMap(({problems}) => problems)}
}

/** How many files were looked at, and what was found in all of them. */
export function summaryOf(files: readonly ValidatedFile[]): string {
  const problems = files.flatMap(file => file.problems)
  const errors = problems.filter(({severity}) => severity === 'error').length
  return `${count(files.length, 'file')}: ${count(errors, 'error')}, ${count(problems.length - errors, 'warning')}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

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

/**
 * Commands for a workflow of GitHub Actions, which shows each problem beside its line. Their form is documented as
 * "Workflow commands for GitHub Actions"; how they are escaped is what the runner undoes (actions/toolkit,
 * packages/core/src/command.ts).
 *
 * @param root of the repository, where that is known
 */
export async function githubProblems(files: readonly ValidatedFile[], root?: string): Promise<string> {
  return [...(await problemsFrom(root, files)).map(annotation), summaryOf(files)].join('\n')
}

function annotation({
  file,
  line,
  column,
  endLine,
  endColumn,
  severity,
  rule,
  message,
  hint,
}: Problem): string {
  // It takes columns only where they are of one line.
  const columns = line === endLine ? {col: column, endColumn: lastColumn(column, endColumn)} : {}
  const properties = Object.entries({file, line, endLine, ...columns, title: rule})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapedProperty(String(value))}`)
  return `::${severity} ${properties.join(',')}::${escaped(hint === undefined ? message : `${message} (${hint})`)}`
}

function lastColumn(column: number | undefined, end: number | undefined): number | undefined {
  return column === undefined || end === undefined ? undefined : Math.max(column, end - 1)
}

function escaped(text: string): string {
  return printable(text).replaceAll('%', '%25')
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
