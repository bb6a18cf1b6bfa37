import type {CheckedEntry} from '../instances/checked-entry.js'
import {type InstancesFile, readInstancesFile} from '../instances/instances-file.js'
import {formatKeyPath} from '../instances/key-path.js'
import type {Finding, Problem} from '../instances/problem.js'
import {mostProblems} from '../instances/problem-limit.js'
import type {InstanceFormat} from '../instances/schema.js'
import type {Registry} from '../plugins/registry.js'
import {printable} from '../text/printable.js'
import type {Check, Found} from './check.js'
import {checkArchitecture} from './checks/architecture.js'
import {checkConfigDisk, checkConfigDiskOptions} from './checks/config-disk.js'
import {checkRam} from './checks/little-ram.js'
import {checkPlaceholders} from './checks/placeholders.js'
import {findSharedSshPorts} from './checks/shared-ssh-port.js'

/** A file that was looked at. */
export interface ValidatedFile {
  /** As the user named it. */
  readonly path: string
  /** What it holds, for who shows where a problem is; it may hold secrets. */
  readonly text: string
  /** In the file's order; of very many only the first, and how many more there are. */
  readonly problems: readonly Problem[]
}

/** Of every instance, whatever the host. */
const checks: readonly Check[] = [
  checkArchitecture,
  checkConfigDisk,
  checkConfigDiskOptions,
  checkPlaceholders,
  checkRam,
]

/** How many entries are looked at side by side: each may have some files open. */
const atOnce = 16

/** Everything that is wrong with an instances file. @param further checks of what stands in it */
export async function validateFile(
  path: string,
  format: InstanceFormat,
  registry: Registry,
  further: readonly Check[],
): Promise<ValidatedFile> {
  const file = await readInstancesFile(path, format)
  const found = await look(file, registry, [...checks, ...further])
  return {path, text: file.text, problems: file.problemsWith([...found, ...findSharedSshPorts(file)])}
}

async function look(
  file: InstancesFile,
  registry: Registry,
  all: readonly Check[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (let start = 0; start < file.entries.length && findings.length <= mostProblems; start += atOnce) {
    const looks = file.entries.slice(start, start + atOnce).map(async entry => {
      const found = await Promise.all(all.map(check => check(entry, registry)))
      return found.flat().map(one => findingOf(one, entry, file))
    })
    findings.push(...(await Promise.all(looks)).flat())
  }
  return findings
}

function findingOf(
  {severity = 'error', at, ...found}: Found,
  entry: CheckedEntry,
  file: InstancesFile,
): Finding {
  const {name} = entry.values
  return {
    severity,
    ...found,
    ...(name !== undefined && {instance: printable(name)}),
    key: formatKeyPath(at),
    span: file.span(entry, ...at),
  }
}
