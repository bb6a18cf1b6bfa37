import {machine as hostMachine} from 'node:os'
import {describe, expect, test} from 'vitest'
import {z} from 'zod'
import type {Plugin} from '../../src/contract/plugin.js'
import {cdrom} from '../../src/disks/config/drives.js'
import {UsageError} from '../../src/errors/errors.js'
import {aarch64} from '../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../src/plugins/architectures/x86-64.js'
import type {FailedPlugin} from '../../src/plugins/loaded-plugin.js'
import {Registry} from '../../src/plugins/registry.js'
import {pluginHint} from '../../src/text/hints.js'
import {loadedPlugin, ownPlugin, ownRegistry} from './sample-plugins.js'

const registry = ownRegistry

test('what vmrun brings along is there', () => {
  expect(registry.architecture('x86_64')).toBe(x86_64)
  expect(registry.architecture('aarch64')).toBe(aarch64)
  expect(registry.configDisk('cdrom')).toBe(cdrom)
})

test('what others contribute stands beside it', () => {
  const {probe: _, ...unprobed} = aarch64
  const s390x = {...unprobed, name: 's390x'}
  const floppy = {...cdrom, name: 'floppy'}
  const larger = new Registry([
    loadedPlugin('vmrun-plugin-old', {architectures: [s390x], configDisks: [floppy]}),
    ownPlugin(),
  ])
  expect(larger.architecture('s390x')).toBe(s390x)
  expect(larger.architectures).toEqual([x86_64, aarch64, s390x])
  expect(larger.architecture('x86_64')).toBe(x86_64)
  expect(larger.configDisk('floppy').name).toBe('floppy')
})

test.each([
  ['x86-64', 'arch "x86-64" is not known; there are: x86_64, aarch64', 'did you mean x86_64?'],
  ['vax', 'arch "vax" is not known; there are: x86_64, aarch64', pluginHint],
  ['\u001b[2J', String.raw`arch "\u001b[2J" is not known; there are: x86_64, aarch64`, pluginHint],
])('the unknown architecture %j is an error that lists those that there are', (name, message, hint) => {
  expect(() => registry.architecture(name)).toThrow(UsageError)
  expect(() => registry.architecture(name)).toThrow(expect.objectContaining({message, hint}))
})

test('an unknown config disk is such an error as well', () => {
  const message = 'config-disk "cdrm" is not known; there are: cdrom, virtio-blk, nocloud'
  expect(() => registry.configDisk('cdrm')).toThrow(
    expect.objectContaining({name: 'UsageError', message, hint: 'did you mean cdrom?'}),
  )
})

describe('the host’s architecture', () => {
  test('is the one that says that such hosts are its own', () => {
    const own = {...x86_64, name: 'own', hosts: ['other', hostMachine()]}
    expect(new Registry([loadedPlugin('own', {architectures: [aarch64, own]})]).hostArchitecture).toBe(
      aarch64.hosts.includes(hostMachine()) ? 'aarch64' : 'own',
    )
  })

  test('is what the host says where nobody contributes it', () => {
    expect(new Registry([]).hostArchitecture).toBe(hostMachine())
  })
})

describe('who may know what is not known', () => {
  const failed = (name: string): FailedPlugin => ({
    name,
    version: '1.0.0',
    isOwn: false,
    failure: {message: 'boom'},
  })
  const contribution = {
    instanceKeys: [{name: 'region', schema: z.string().optional()}],
    placeholders: [{name: 'vault', resolve: async () => ''}],
  }
  const rivals = [loadedPlugin('a', contribution), loadedPlugin('b', contribution), ownPlugin()]

  test('is nobody where everybody was asked', () => {
    expect(registry.doubtOfKey('region')).toBeUndefined()
    expect(registry.doubtOfPlaceholder('vault')).toBeUndefined()
  })

  test('are all plugins that could not be loaded', () => {
    const doubtful = new Registry([failed('c'), failed('d'), ownPlugin()])
    for (const doubt of [doubtful.doubtOfKey('region'), doubtful.doubtOfPlaceholder('vault')]) {
      expect(doubt).toMatch(/could not be loaded.* c(?:,| and) d/u)
    }
  })

  test('are those that claim it both', () => {
    const doubtful = new Registry(rivals)
    expect(doubtful.instanceKeys).toEqual([])
    expect(doubtful.doubtOfKey('region')).toBe(
      'the instance key "region" of a and b is left out: a name can be contributed once',
    )
    expect(doubtful.doubtOfPlaceholder('vault')).toContain('"vault" of a and b is left out')
    expect(doubtful.doubtOfKey('zone')).toBeUndefined()
  })

  test('is told with what was meant, where an architecture is not known', () => {
    expect(() => new Registry([failed('c'), ownPlugin()]).architecture('x86-64')).toThrow(
      expect.objectContaining({hint: expect.stringMatching(/^did you mean x86_64\?; .* c$/u)}),
    )
    expect(() => new Registry([failed('c'), ownPlugin()]).configDisk('floppy')).toThrow(
      expect.objectContaining({hint: 'perhaps a plugin has it that could not be loaded: c'}),
    )
  })
})

describe('a name that is claimed more than once', () => {
  const named = (name: string) => ({name, resolve: async () => ''})
  const step = {name: 'run-record', title: 'Mine', before: 'qemu', run: async () => ''}
  const remove = 'vmrun plugins uninstall'

  test.each<readonly [string, readonly Omit<Plugin, 'apiVersion'>[], object]>([
    [
      'is nobody’s, whichever plugins claim it',
      [{placeholders: [named('vault'), named('one')]}, {placeholders: [named('vault')]}],
      {
        plugins: ['a', 'b'],
        message: 'the placeholder "vault" of a and b is left out: a name can be contributed once',
        hint: `Remove all but one: ${remove} a b`,
      },
    ],
    [
      'is not one plugin’s own either',
      [{placeholders: [named('vault'), named('one'), named('vault')]}],
      {
        plugins: ['a'],
        message: expect.stringContaining('"vault" of a'),
        hint: `Mend it, or remove it: ${remove} a`,
      },
    ],
    ...[
      {placeholders: [named('env'), named('one')]},
      {placeholders: [named('one')], instanceKeys: [{name: 'ram', schema: z.number()}]},
      {placeholders: [named('one')], steps: [step]},
    ].map(
      definition =>
        [
          'stays vmrun’s own',
          [definition],
          {
            plugins: ['a'],
            message: expect.stringMatching(/^the \S.* "[\w-]+" of a is left out: the name is vmrun's own$/u),
            hint: `Mend it, or remove it: ${remove} a`,
          },
        ] as const,
    ),
  ])('%s, and what else is contributed stays: %j', (_, definitions, problem) => {
    const plugins = definitions.map((definition, index) => loadedPlugin(index === 0 ? 'a' : 'b', definition))
    const claimed = new Registry([...plugins, ownPlugin()])
    expect(claimed.problems).toEqual([problem])
    expect(claimed.steps).toEqual(registry.steps)
    expect(claimed.instanceKeys).toEqual([])
    expect(Array.from(claimed.placeholders.keys())).toEqual(['env', 'file', 'one'])
    expect(claimed.placeholders.get('env')).toBe(registry.placeholders.get('env'))
  })
})
