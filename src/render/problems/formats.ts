import {realpath} from 'node:fs/promises'
import {relative} from 'node:path'
import {placeOf} from '../../host/path-in.js'
import {formatProblem, type Problem} from '../../instances/problem.js'
import {printable, printableJson, printableLines} from '../../text/printable.js'
import type {ValidatedFile, Validation} from '../../validation/validate-files.js'

/** How problems can be shown. */
export const formats = ['pretty', 'plain', 'json', 'github', 'sarif'] as const

export type Format = (typeof formats)[number]

/** Who the problems are shown to. */
export interface Reader {
  readonly hasColors: boolean
  /** How wide the terminal is, where there is one. */
  readonly columns: number | undefined
  /** Where a workflow of GitHub Actions has the repository. */
  readonly workspace?: string | undefined
  /** Of vmrun. */
  readonly version: string
}

/** Problems in a format, ready to be shown. */
export async function formatProblems({files}: Validation, format: Format, reader: Reader): Promise<string> {
  const {workspace, version} = reader
  switch (format) {
    case 'pretty': {
      const {prettyProblems} = await import('./pretty.js')
      return printableLines([...prettyProblems(files, reader), summaryOf(files)].join('\n\n'))
    }
    case 'plain':
      return printableLines([...allOf(files).map(formatProblem), summaryOf(files)].join('\n'))
    case 'json':
      return printableJson(jsonProblems(files), 2)
    case 'github':
      return [...(await problemsFrom(workspace, files)).map(annotation), summaryOf(files)].join('\n')
    case 'sarif': {
      const {sarifProblems} = await import('./sarif.js')
      return printableJson(sarifProblems(await problemsFrom(workspace, files), version), 2)
    }
  }
}

/** Problems for programs: see docs/json.md. */
export function jsonProblems(files: readonly ValidatedFile[]): {readonly problems: readonly Problem[]} {
  return {problems: allOf(files)}
}

function allOf(files: readonly ValidatedFile[]): readonly Problem[] {
  return files.flatMap(({problems}) => problems)
}

/** How many files were looked at, and what was found in all of them. */
function summaryOf(files: readonly ValidatedFile[]): string {
  const problems = allOf(files)
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
async function problemsFrom(
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
 * A command for a workflow of GitHub Actions, which shows the problem beside its line. The form is documented as "Workflow
 * commands for GitHub Actions"; how it is escaped is what the runner undoes (actions/toolkit,
 * packages/core/src/command.ts).
 */
function annotation({severity, rule, message, hint, file, ...place}: Problem): string {
  const {line, column = 0, endLine, endColumn = 0} = place
  // It takes columns only where they are of one line.
  const isOnOne = line !== undefined && line === endLine
  const columns = isOnOne ? {col: column, endColumn: Math.max(column, endColumn - 1)} : {}
  const properties = Object.entries({file, line, endLine, ...columns, title: rule})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapedProperty(String(value))}`)
  return `::${severity} ${properties.join(',')}::${escaped(hint === undefined ? message : `${message} (${hint})`)}`
}

function escaped(text: string): string {
  return printable(text).replaceAll('%', '%25')
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
