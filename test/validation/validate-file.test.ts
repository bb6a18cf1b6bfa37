import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {formatOf} from '../../src/services/open-instances-file.js'
import {validateFile} from '../../src/validation/validate-file.js'
import {ownRegistry} from '../plugins/sample-plugins.js'
import {temporaryDirectory} from '../temporary-directory.js'

const seed = '"image": "a.qcow2", "timeout-seconds": 5'

async function rulesOf(text: string): Promise<readonly string[]> {
  const file = path.join(await temporaryDirectory(), 'instances.json')
  await writeFile(file, text)
  const {problems} = await validateFile(file, formatOf(ownRegistry), ownRegistry, [])
  return problems.map(({line, severity, rule}) => `${line} ${severity} ${rule}`)
}

test('two instances with one ssh-port are a warning: they may be run one after the other', async () => {
  expect(
    await rulesOf(`[{"name": "a", ${seed}, "config": {}, "ssh-port": 22},
{"name": "b", ${seed}, "config": {}, "ssh-port": 23},
{"name": "c", ${seed}, "config": {}, "ssh-port": 22}]`),
  ).toEqual(['3 warning vmrun/shared-ssh-port'])
})

test('an instance that does not hold is looked at in all that does', async () => {
  expect(
    await rulesOf(`[{"name": "a", "image": "", "arch": "vax",
"config": {"t": "\${{ evn:T }}"},
"ssh-port": 22, "timeout": 5},
{"name": "b", ${seed}, "config": {}, "ram": 5,
"ssh-port": 22}]`),
  ).toEqual([
    '1 error vmrun/invalid-value',
    '1 error vmrun/unknown-architecture',
    '2 error vmrun/unknown-placeholder',
    '3 error vmrun/unknown-key',
    '4 error vmrun/invalid-value',
    '5 warning vmrun/shared-ssh-port',
  ])
})
