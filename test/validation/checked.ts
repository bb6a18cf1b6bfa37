import path from 'node:path'
import {type CheckedText, checkText} from '../../src/instances/check-text.js'
import type {CheckedEntry} from '../../src/instances/checked-entry.js'
import type {Registry} from '../../src/plugins/registry.js'
import {formatOf} from '../../src/services/open-instances-file.js'
import type {Check, Found} from '../../src/validation/check.js'
import {ownRegistry} from '../plugins/sample-plugins.js'

/** An entry that holds but for what it is given, in a file of this directory. */
function entryOf(given: object, directory: string, registry: Registry): CheckedEntry {
  const written = {name: 'vm-1', image: 'a.qcow2', 'timeout-seconds': 5, arch: 'x86_64', config: {}, ...given}
  const checked: CheckedText = checkText(JSON.stringify([written]), directory, formatOf(registry))
  const [entry] = checked.entries
  if (entry === undefined) {
    throw new Error(`${path.basename(directory)}: no entry`)
  }
  return entry
}

/** What a check finds in such an entry. */
export async function foundBy(
  check: Check,
  given: object,
  {
    directory = '/proc/nonexistent',
    registry = ownRegistry,
  }: {readonly directory?: string; readonly registry?: Registry} = {},
): Promise<readonly Found[]> {
  return await check(entryOf(given, directory, registry), registry)
}
