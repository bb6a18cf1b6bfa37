import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {formatOf} from '../../../src/validation/open-instances-file.js'
import type {ValidatedFile} from '../../../src/validation/validate-files.js'
import {validateFile} from '../../../src/validation/validate-files.js'
import {ownRegistry} from '../../plugins/sample-plugins.js'
import {temporaryDirectory} from '../../temporary-directory.js'

/** What is found in a file with this text, on any host; it is called `instances.json`. */
export async function validated(text: string | Uint8Array): Promise<ValidatedFile> {
  const file = path.join(await temporaryDirectory(), 'instances.json')
  await writeFile(file, text)
  const found = await validateFile(file, formatOf(ownRegistry), ownRegistry, [])
  const name = 'instances.json'
  return {...found, path: name, problems: found.problems.map(problem => ({...problem, file: name}))}
}

/** An entry that holds. */
export const entry = '"name": "a", "image": "a.qcow2", "timeout-seconds": 5, "config": {}'
