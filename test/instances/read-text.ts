import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {checkText, type InstancesFile, readInstancesFile} from '../../src/instances/instances-file.js'
import {formatProblem} from '../../src/instances/problem.js'
import {temporaryDirectory} from '../temporary-directory.js'

const host = {hostArchitecture: 'x86_64', instanceKeys: []}

/** What a file with this text turns out to hold, on an x86_64 host. */
export async function readText(text: string | Uint8Array): Promise<InstancesFile> {
  const path = join(await temporaryDirectory(), 'instances.json')
  await writeFile(path, text)
  return readInstancesFile(path, host)
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

/** Whether vmrun has nothing against a file of this value, on an x86_64 host without plugins. */
export function isTaken(file: unknown): boolean {
  return checkText(JSON.stringify(file), host).problems.every(({severity}) => severity !== 'error')
}

/** The value of a text; undefined where it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return
  }
}
