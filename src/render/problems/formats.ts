import {printableJson, printableLines} from '../../text/printable.js'
import type {Validation} from '../../validation/validate-files.js'
import {githubProblems, jsonProblems, plainProblems} from './plain.js'

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
  switch (format) {
    case 'pretty':
      return printableLines((await import('./pretty.js')).prettyProblems(files, reader))
    case 'plain':
      return printableLines(plainProblems(files))
    case 'json':
      return printableJson(jsonProblems(files), 2)
    case 'github':
      return await githubProblems(files, reader.workspace)
    case 'sarif':
      return await (await import('./sarif.js')).sarifProblems(files, reader.version, reader.workspace)
  }
}
