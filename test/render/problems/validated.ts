import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {Problem} from '../../../src/instances/problem.js'
import {type Format, formatProblems, type Reader} from '../../../src/render/problems/formats.js'
import {type ValidatedFile, validateFiles} from '../../../src/validation/validate-files.js'
import {ownRegistry} from '../../plugins/sample-plugins.js'
import {temporaryDirectory} from '../../temporary-directory.js'

/** What is found in a file with this text, on any host; it is called `instances.json`. */
export async function validated(text: string | Uint8Array): Promise<ValidatedFile> {
  const file = path.join(await temporaryDirectory(), 'instances.json')
  await writeFile(file, text)
  const {files} = await validateFiles([file], ownRegistry, {hostChecks: false, strict: false})
  const {problems = [], ...found} = files[0] ?? {text: '', root: undefined}
  const name = 'instances.json'
  return {...found, path: name, problems: problems.map(problem => ({...problem, file: name}))}
}

/** A file of which this is found. */
export function fileWith(problem: Problem): ValidatedFile {
  return {path: problem.file, text: '', root: undefined, problems: [problem]}
}

/** What is shown of a file. */
export async function shownAs(
  format: Format,
  file: ValidatedFile,
  reader?: Partial<Reader>,
): Promise<string> {
  const validation = {files: [file], outcome: 'problems'} as const
  return await formatProblems(validation, format, {
    hasColors: false,
    columns: 80,
    version: '1.2.3',
    ...reader,
  })
}

/** An entry that holds. */
export const entry = '"name": "a", "image": "a.qcow2", "timeout-seconds": 5, "config": {}'
