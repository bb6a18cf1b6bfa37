import type {Problem} from '../../instances/problem.js'
import {printable} from '../../text/printable.js'
import type {ValidatedFile} from '../../validation/validate-file.js'
import {problemsFrom} from './problems-from.js'
import {summaryOf} from './summary.js'

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
  const properties = Object.entries({file: printable(file), line, endLine, ...columns, title: rule})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapedProperty(String(value))}`)
  return `::${severity} ${properties.join(',')}::${escaped(hint === undefined ? message : `${message} (${hint})`)}`
}

function lastColumn(column: number | undefined, end: number | undefined): number | undefined {
  return column === undefined || end === undefined ? undefined : Math.max(column, end - 1)
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapedProperty(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
