import {execFileSync} from 'node:child_process'
import {expect, test} from 'vitest'
import type {ConfigDiskChoice} from '../../../src/contract/instance.js'
import type {JsonObject} from '../../../src/contract/json-value.js'
import {configDiskImage} from '../../../src/disks/config/image.js'
import {nocloud} from '../../../src/disks/config/nocloud.js'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'
import {written} from '../iso9660/written-image.js'

const choice: ConfigDiskChoice = {kind: 'nocloud'}
const bare = {...x86_64, devices: {disk: x86_64.devices.disk, network: x86_64.devices.network}}

/** What is in the files of a seed; null for one that it does not have. */
async function seedOf(config: JsonObject, name = 'vm-1', run?: string) {
  const disk = nocloud.configure(choice, x86_64, config)
  const image = await written(configDiskImage(disk, {name, config, ...(run && {run})}, new Date(0)))
  const read = (...options: readonly string[]) =>
    execFileSync('isoinfo', ['-i', image, ...options], {encoding: 'utf8'})
  const names = read('-R', '-f').trim().split('\n')
  return {
    label: /^Volume id: (.*)$/mu.exec(read('-d'))?.[1],
    files: Object.fromEntries(names.map(file => [file, read('-R', '-x', file)])),
  }
}

const names = '{"instance-id":"vm-1","local-hostname":"vm-1"}\n'

const appending = '"Merge-Type":"list(append)+dict(no_replace,recurse_list)+str()"'

test.each<[string, JsonObject, Record<string, string>]>([
  [
    'an object is a cloud-config, and the instance names the host',
    {'user-data': {users: ['default'], runcmd: [['poweroff']]}},
    {
      '/meta-data': names,
      '/user-data': '#cloud-config\n{"users":["default"],"runcmd":[["poweroff"]]}\n',
    },
  ],
  [
    'text is what cloud-init gets',
    {
      'user-data': '#!/bin/sh\necho "ä"\n',
      'network-config': 'version: 2\n',
      'meta-data': {'instance-id': 'own', tags: [1]},
    },
    {
      '/meta-data': '{"instance-id":"own","local-hostname":"vm-1","tags":[1]}\n',
      '/user-data': '#!/bin/sh\necho "ä"\n',
      '/network-config': 'version: 2\n',
    },
  ],
  [
    'parts become an archive, whose lists are put together',
    {'user-data': [{runcmd: [['poweroff']]}, '#!/bin/sh\necho "ä"\n']},
    {
      '/meta-data': names,
      '/user-data': [
        '#cloud-config-archive',
        String.raw`[{"content":"#cloud-config\n{\"runcmd\":[[\"poweroff\"]]}\n",${appending}},{"content":"#!/bin/sh\necho \"ä\"\n",${appending}}]`,
        '',
      ].join('\n'),
    },
  ],
  [
    'an empty config is a seed all the same, and a network-config may be an object too',
    {'network-config': {version: 2}},
    {'/meta-data': names, '/user-data': '#cloud-config\n{}\n', '/network-config': '{"version":2}\n'},
  ],
])('%s', async (_, config, files) => {
  expect(await seedOf(config)).toEqual({label: 'cidata', files})
})

test.each([
  [{}, 'vm-1-8e6b304d077e'],
  [{'meta-data': {'instance-id': 'own'}}, 'own'],
])('each run has an instance-id of its own, unless the config says otherwise: %j', async (config, id) => {
  expect((await seedOf(config, 'vm-1', '8e6b304d077e')).files).toMatchObject({
    '/meta-data': `{"instance-id":"${id}","local-hostname":"vm-1"}\n`,
  })
})

const label = 'x'.repeat(63)
const longest = [label, label, label, 'x'.repeat(61)].join('.')

test.each([
  ...['vm-1', '1', 'my.vm1', label, longest].map(name => [name, true] as const),
  ...['vm 1', 'vm_1', '-vm', 'vm-', 'ä', '.vm', 'vm.', 'my..vm', 'my.-vm', 'vm\n'].map(
    name => [name, false] as const,
  ),
  ...[`${label}x`, `${longest}x`].map(name => [name, false] as const),
])('whether %j is a name for a host too: %s', async (name, isHostname) => {
  const told = {'instance-id': name, ...(isHostname && {'local-hostname': name})}
  expect((await seedOf({}, name)).files).toMatchObject({'/meta-data': `${JSON.stringify(told)}\n`})
})

test.each<[string, JsonObject, string, string]>([
  ['an unknown part', {user_data: ''}, 'does not know "user_data" in the config', 'did you mean user-data?'],
  [
    'one far from any',
    {token: 's3cret'},
    'does not know "token" in the config',
    'It takes user-data, meta-data',
  ],
  ['what every object has', {constructor: {a: 1}}, 'does not know "constructor"', 'It takes user-data'],
  ['a number', {'user-data': 5}, 'cannot use "user-data" of the config as it is', 'It must be text, such as'],
  [
    'a list',
    {'network-config': []},
    'cannot use "network-config" of the config',
    'It must be text or an object.',
  ],
  [
    'a part that is neither',
    {'user-data': ['', 5]},
    'cannot use "user-data" of the config',
    'or an array of such',
  ],
  ['parts of parts', {'user-data': [[{}]]}, 'cannot use "user-data" of the config', 'or an array of such'],
  ['text for data', {'meta-data': 'x'}, 'cannot use "meta-data" of the config', 'It must be an object'],
])('%s is the user’s error, and shows no value', (_, config, message, hint) => {
  expect(() => nocloud.configure(choice, x86_64, config)).toThrow(
    expect.objectContaining({
      name: 'UsageError',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    }),
  )
})

test('it is a CD-ROM where the machine has one, and else a disk', () => {
  expect(nocloud.configure(choice, x86_64, {}).title).toBe('cloud-init seed, CD-ROM')
  expect(nocloud.configure({...choice, bus: 'ide'}, x86_64, {}).title).toBe('cloud-init seed, CD-ROM')
  expect(nocloud.configure({...choice, bus: 'virtio-blk'}, x86_64, {}).title).toBe(
    'cloud-init seed, read-only disk',
  )
  expect(nocloud.configure(choice, bare, {}).title).toBe('cloud-init seed, read-only disk')
})
