import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {VmrunError} from '../../src/errors/errors.js'
import {resolveConfig} from '../../src/launch/resolve-config.js'
import {openInstance} from '../../src/validation/open-instance.js'
import {ownRegistry} from '../plugins/sample-plugins.js'
import {writtenInstances} from '../validation/written-instances.js'

test('placeholders of a config are resolved, files relative to the instances file', async () => {
  const {file, directory} = await writtenInstances({
    config: {token: 'Bearer ${{ env:TOKEN }}', key: '${{ file:key.txt }}', literal: '$${{ x }}'},
  })
  await writeFile(join(directory, 'key.txt'), 'private\n')
  const opened = await openInstance(file, 'vm-1', ownRegistry)
  expect(await resolveConfig(opened, ownRegistry, {TOKEN: 'secret'})).toEqual({
    token: 'Bearer secret',
    key: 'private',
    literal: '${{ x }}',
  })
})

test.each([
  ['a variable that is not set', {a: [{token: '${{ env:TOKEN }}'}]}, 'vm-1: config.a[0].token: '],
  ['a file that is not there', {key: '${{ file:gone }}'}, 'vm-1: config.key: '],
])('%s is an error that says where', async (_, config, message) => {
  const opened = await openInstance((await writtenInstances({config})).file, 'vm-1', ownRegistry)
  const resolved = resolveConfig(opened, ownRegistry, {})
  await expect(resolved).rejects.toThrow(VmrunError)
  await expect(resolved).rejects.toThrow(message)
})
