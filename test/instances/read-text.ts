import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {type InstancesFile, readInstancesFile} from '../../src/instances/instances-file.js'
import {formatProblem} from '../../src/instances/problem.js'
import {temporaryDirectory} from '../temporary-directory.js'

/** What a file with this text turns out to hold, on an x86_64 host. */
export async function readText(text: string | Uint8Array): Promise<InstancesFile> {
  const path = join(await temporaryDirectory(), 'instances.json')
  await writeFile(path, text)
  return readInstancesFile(path, {hostArchitecture: 'x86_64', instanceKeys: []})
}

/** The problems of a file with this text, one line each, without the file's name and the rule. */
export async function problemsOf(text: string | Uint8Array): Promise<string[]> {
  const {path, problems} = await readText(text)
  return problems.map(problem =>
    formatProblem(problem)
      .slice(`${path}:`.length)
      .replace(/ \[vmrun\/[\w-]+\]$/u, ''),
  )
}
