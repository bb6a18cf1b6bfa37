import {checkText} from '../../src/instances/instances-file.js'
import type {RuleId} from '../../src/instances/rules.js'
import type {Registry} from '../../src/plugins/registry.js'
import {checks, type Found} from '../../src/validation/checks.js'
import {formatOf} from '../../src/validation/open-instances-file.js'
import {ownRegistry} from '../plugins/sample-plugins.js'

/** What breaks some rules in an entry that holds but for what it is given, on any host. */
export async function foundBy(
  rules: readonly RuleId[],
  given: object,
  registry: Registry = ownRegistry,
): Promise<readonly Found[]> {
  const written = {name: 'vm-1', image: 'a.qcow2', 'timeout-seconds': 5, arch: 'x86_64', config: {}, ...given}
  const {entries} = checkText(JSON.stringify([written]), formatOf(registry))
  const found = entries.flatMap(({values}) => checks.map(check => check(values, registry)))
  return (await Promise.all(found)).flat().filter(({rule}) => rules.includes(rule))
}
