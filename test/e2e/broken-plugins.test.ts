import {describe, expect, test} from 'vitest'
import {eventsOf, Host} from './host.js'
import {installPlugins, moduleOf, type PluginPackage} from './plugins.js'

const name = 'vmrun-plugin-broken'

/** What the instance `needs` has of the plugin. */
const needed = {region: 'north'}
const key = `instanceKeys: [{name: 'region', schema: z.string().optional()}]`

interface Broken {
  readonly when: string
  readonly module: string
  readonly manifest?: object
  readonly says: RegExp
}

const unloadable: readonly Broken[] = [
  {when: 'throws when it is imported', module: 'throw new Error("boom")', says: /: boom \(/u},
  {
    when: 'misses its own',
    module: '',
    manifest: {oclif: {hooks: {'vmrun:plugin': './missing.js'}}},
    says: /: Cannot find module '\/\S+\/missing\.js' .*\(Its author: build it/u,
  },
  {
    when: 'mistypes the hook',
    module: moduleOf(key),
    manifest: {oclif: {hooks: {'vmrun:plugins': './plugin.js'}}},
    says: /its package\.json names no module for the hook "vmrun:plugin"/u,
  },
]

/** A host with that plugin, an instance that needs it, and one that does not. */
async function hostWith(plugins: readonly PluginPackage[], needs: object = needed): Promise<Host> {
  const host = await Host.with({name: 'other'}, {name: 'needs', ...needs})
  await installPlugins(host, ...plugins)
  return host
}

/** Expects exactly one warning, and that it names the plugin. */
function expectOneWarning(stderr: string, says: RegExp): void {
  const warnings = stderr.split('\n').filter(line => line.startsWith('vmrun: warning: '))
  expect(warnings).toEqual([expect.stringContaining(name)])
  expect(warnings[0]).toMatch(says)
  expect(stderr).not.toMatch(/^ +at /mu)
}

/** Expects that whoever does not need the plugin does not notice but for one warning. */
async function expectOthersUnharmed(host: Host, says: RegExp): Promise<void> {
  await host.write('others.json', JSON.stringify([JSON.parse(await host.read('instances.json'))[0]]))
  const [list, run, validate] = await Promise.all([
    host.vmrun('list', '--json'),
    host.vmrun('run', 'other', '--json'),
    host.vmrun('validate', 'others.json', '--json'),
  ])
  expect(JSON.parse(list.stdout)).toContainEqual(expect.objectContaining({name: 'other'}))
  expect(eventsOf(run).at(-1)).toMatchObject({type: 'verdict', verdict: 'completed'})
  expect(JSON.parse(validate.stdout)).toEqual({problems: []})
  for (const {stderr, exitCode} of [list, run, validate]) {
    expectOneWarning(stderr, says)
    expect(exitCode).toBe(0)
  }
}

/** Expects that the instance that needs the plugin is told so, and is the only one. */
async function expectNeedTold(host: Host, told = name): Promise<void> {
  const [run, people, validate] = await Promise.all([
    host.vmrun('run', 'needs', '--json'),
    host.vmrun('run', 'needs'),
    host.vmrun('validate', '--json'),
  ])
  expect(JSON.stringify(JSON.parse(run.stdout).error)).toContain(told)
  expect(people.stderr.replaceAll(/^vmrun: warning: .*$/gmu, '')).toContain(told)
  expect(JSON.parse(validate.stdout).problems).toMatchObject([{severity: 'error', instance: 'needs'}])
  expect(validate.stdout).toContain(told)
  expect([run, people, validate].map(({exitCode}) => exitCode)).toEqual([2, 2, 2])
}

test.for(unloadable)(
  'a plugin that $when harms only the instance that needs it',
  async ({module, manifest, says}) => {
    const host = await hostWith([{name, module, ...(manifest && {manifest})}])
    await expectOthersUnharmed(host, says)
    await expectNeedTold(host)
    await host.expectNothingLeft()
  },
)

test.each([
  ['its architecture', {arch: 's390x'}],
  ['its config disk', {'config-disk': 'floppy'}],
  ['its instance key', needed],
  ['its placeholder', {config: {word: '${{ vault:x }}'}}],
])('doctor says that an instance which needs %s could not run, and that others could', async (_, needs) => {
  const host = await hostWith([{name, module: 'throw new Error("boom")'}], needs)
  const {stdout, exitCode} = await host.vmrun('doctor', '--json')
  const {instances, findings} = JSON.parse(stdout)
  expect(findings).toContainEqual(expect.objectContaining({check: 'plugin', subject: name, state: 'missing'}))
  expect(instances).toEqual([
    expect.objectContaining({name: 'other', state: 'good', problems: []}),
    expect.objectContaining({
      ...{name: 'needs', state: 'missing'},
      problems: [
        expect.objectContaining({message: expect.stringMatching(/s390x|floppy|region|unknown function/u)}),
      ],
    }),
  ])
  expect(exitCode).toBe(1)
  await host.write('instances.json', JSON.stringify([JSON.parse(await host.read('instances.json'))[0]]))
  expect(await host.vmrun('doctor')).toMatchObject({exitCode: 0})
})

test.each([
  ['throws', `z.string().refine(() => { throw new Error('boom') })`, /boom/u],
  ['is asynchronous', 'z.string().refine(async () => true)', /synchronous/u],
  ['makes of it what JSON cannot hold', 'z.string().transform(() => 1n)', /BigInt/u],
])('an instance key whose schema %s is an error that names the plugin', async (_, schema, why) => {
  const members = `instanceKeys: [{name: 'region', schema: ${schema}.optional()}]`
  const host = await hostWith([{name, module: moduleOf(members)}])
  await expectNeedTold(host)
  const {stderr, exitCode} = await host.vmrun('list')
  expect(stderr).toMatch(
    /\binstances\.json:1:\d+: error: region: could not be checked by vmrun-plugin-broken: /u,
  )
  expect(stderr).toMatch(why)
  expect(exitCode).toBe(2)
})

test('a plugin that could not be loaded is named where an instance needs a key that resembles another', async () => {
  const host = await hostWith([{name, module: 'throw new Error("boom")'}], {'grace-second': 5})
  await expectNeedTold(host)
})

test('a plugin that leaves something going on keeps no command from its end', async () => {
  const module = `setInterval(() => 0, 1000)\n${moduleOf(key)}`
  const host = await hostWith([{name, module}])
  for (const words of [['list'], ['validate'], ['run', 'needs'], ['run', 'other', '--dry-run']]) {
    expect(await host.vmrun(...words)).toMatchObject({exitCode: 0})
  }
})

describe('plugins that claim one name', () => {
  const architecture = `architectures: [{name: 's390x', hosts: [], program: 'q', packages: {}, machine: 'm',
      emulatedCpu: 'c', devices: {disk: {driver: 'd'}, network: {driver: 'n'}}, arguments: []}]`
  const placeholder = `placeholders: [{name: 'vault', resolve: async () => 'x'}]`

  test.each([
    ['an instance key', key, needed],
    ['an architecture', architecture, {arch: 's390x'}],
    ['a placeholder', placeholder, {config: {word: '${{ vault:x }}'}}],
  ])('have neither’s, and only who needs it is told: %s', async (_, claimed, needs) => {
    const rival = {name: 'vmrun-plugin-rival', module: moduleOf(claimed)}
    const host = await hostWith([{name, module: moduleOf(claimed)}, rival], needs)
    await expectOthersUnharmed(host, /of vmrun-plugin-broken and vmrun-plugin-rival is left out/u)
    await expectNeedTold(host, 'vmrun-plugin-broken and vmrun-plugin-rival')
  })

  test.each([
    ['instance key', `instanceKeys: [{name: 'ram', schema: z.number()}]`, 'ram'],
    ['placeholder', `placeholders: [{name: 'env', async resolve() { throw new Error('boom') }}]`, 'env'],
    [
      'step',
      `steps: [{name: 'overlay', title: 'Boom', before: 'qemu', async run() { throw new Error('boom') }}]`,
      'overlay',
    ],
  ])('of vmrun’s own change nothing about that: %s %s', async (kind, claimed, own) => {
    const host = await hostWith([{name, module: moduleOf(claimed)}], {config: {word: '${{ env:HOME }}'}})
    const says = new RegExp(`the ${kind} "${own}" of ${name} is left out: the name is vmrun's own`, 'u')
    await expectOthersUnharmed(host, says)
    expect(await host.vmrun('run', 'needs')).toMatchObject({exitCode: 0})
  })
})

test('a plugin that is linked is told at once what is broken in it, and by VMRUN_DEBUG where', async () => {
  const host = await Host.with({name: 'vm-1'})
  await installPlugins(host, {name, type: 'link', module: 'throw new Error("boom")'})
  await host.write('data/vmrun/package.json', '{"oclif": {"plugins": []}}')
  const link = await host.vmrun('plugins', 'link', host.path('authors', name))
  expect(link.stderr).toContain(
    `vmrun: warning: plugin ${name} 1.0.0 could not be loaded: boom (Mend it, or remove it: vmrun plugins uninstall ${name})\n`,
  )
  expect(link.exitCode).toBe(0)
  host.environment['VMRUN_DEBUG'] = '1'
  expect((await host.vmrun('list')).stderr).toMatch(/\nError: boom\n {4}at file:\S+\/plugin\.js:1:7\n/u)
})
