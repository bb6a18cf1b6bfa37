import {execFileSync} from 'node:child_process'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {UsageError, VmrunError} from '../../src/errors/errors.js'
import {buildConfigDisk, defaultImageFile} from '../../src/launch/resolve-config.js'
import {openInstance} from '../../src/validation/open-instance.js'
import {bytesOf, written} from '../disks/iso9660/written-image.js'
import {ownRegistry} from '../plugins/sample-plugins.js'
import {writtenInstances} from '../validation/written-instances.js'

test('the config disk of an instance holds its config, placeholders resolved', async () => {
  const {file, directory} = await writtenInstances({
    config: {token: 'Bearer ${{ env:TOKEN }}', key: '${{ file:key.txt }}', literal: '$${{ x }}'},
  })
  await writeFile(join(directory, 'key.txt'), 'private\n')
  const opened = await openInstance(file, 'vm-1', ownRegistry)
  const image = await buildConfigDisk(opened, ownRegistry, {TOKEN: 'secret'})
  const content = execFileSync('isoinfo', ['-i', await written(image), '-R', '-x', '/instance.json'])
  expect(JSON.parse(String(content))).toEqual({
    name: 'vm-1',
    config: {token: 'Bearer secret', key: 'private', literal: '${{ x }}'},
  })
})

test('the same input gives the same bytes, and SOURCE_DATE_EPOCH is honoured', async () => {
  const opened = await openInstance((await writtenInstances({})).file, 'vm-1', ownRegistry)
  const bytes = async (environment: NodeJS.ProcessEnv) =>
    bytesOf(await buildConfigDisk(opened, ownRegistry, environment))
  expect((await bytes({})).equals(await bytes({}))).toBe(true)
  expect((await bytes({})).equals(await bytes({SOURCE_DATE_EPOCH: '0'}))).toBe(true)
  expect((await bytes({})).equals(await bytes({SOURCE_DATE_EPOCH: '1700000000'}))).toBe(false)
})

test.each([
  [
    'a variable that is not set',
    {config: {a: [{token: '${{ env:TOKEN }}'}]}},
    {},
    'vm-1: config.a[0].token: ',
  ],
  ['a file that is not there', {config: {key: '${{ file:gone }}'}}, {}, 'vm-1: config.key: '],
  ['a date that is none', {}, {SOURCE_DATE_EPOCH: 'now'}, 'SOURCE_DATE_EPOCH must be'],
])('%s is an error that says where', async (_, entry, environment, message) => {
  const opened = await openInstance((await writtenInstances(entry)).file, 'vm-1', ownRegistry)
  const built = buildConfigDisk(opened, ownRegistry, environment)
  await expect(built).rejects.toThrow(VmrunError)
  await expect(built).rejects.toThrow(message)
})

describe('the file that nobody names', () => {
  test.each(['vm-1', 'zwölf', '..', '-x'])('is called after the instance: %s', name => {
    expect(defaultImageFile(name)).toBe(`${name}.iso`)
  })

  test.each(['a/b', '/etc/passwd', '../vm'])('is in no other directory: %s', name => {
    expect(() => defaultImageFile(name)).toThrow(UsageError)
  })
})
