import type {Validation} from '../../services/validate-files.js'
import {jsonProblems} from './json.js'

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

/** Problems in a format. Of the formats only the one that is asked for is loaded. */
export async function formatProblems({files}: Validation, format: Format, reader: Reader): Promise<string> {
  switch (format) {
    case 'pretty':
      return (await import('./pretty.js')).prettyProblems(files, reader)
    case 'plain':
      return (await import('./plain.js')).plainProblems(files)
    case 'json':
      return JSON.stringify(jsonProblems(files), undefined, 2)
    case 'github':
      return await (await import('./github.js')).githubProblems(files, reader.workspace)
    case 'sarif':
      return await (await import('./sarif.js')).sarifProblems(files, reader.version, reader.workspace)
  }
}
