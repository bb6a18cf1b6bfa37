import {checkText} from '../../src/instances/instances-file.js'

/** Whether vmrun has nothing against a file of this value, on an x86_64 host without plugins. */
export function isTaken(file: unknown): boolean {
  const {findings} = checkText(JSON.stringify(file), {hostArchitecture: 'x86_64', instanceKeys: []})
  return findings.every(({severity}) => severity !== 'error')
}
