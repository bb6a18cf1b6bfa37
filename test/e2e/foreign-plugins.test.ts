import {chmod, chown, lchown, mkdir, readdir, rename, symlink, writeFile} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {Host} from './host.js'
import {installPlugins, moduleOf} from './plugins.js'

const somebody = 12_345
const name = 'vmrun-plugin-planted'

/** Leaves a file where it is run, in whatever way oclif or vmrun runs what a plugin holds. */
const leavesMark = `import {writeFileSync} from 'node:fs'\nwriteFileSync(process.env.HOME + '/ran', '')\n`

/** A host with a plugin that has its own part in everything that can be typed, and one that has not. */
async function hostWithPlugin(type: 'user' | 'link' = 'user'): Promise<Host> {
  const host = await Host.with({name: 'vm-1'})
  const hooks = {'vmrun:plugin': './plugin.js', init: './hook.js', command_not_found: './hook.js'}
  await installPlugins(
    host,
    {
      name,
      type,
      module: `${leavesMark}export default () => ({apiVersion: 1})`,
      manifest: {oclif: {hooks, commands: './commands'}},
    },
    {
      name: 'vmrun-plugin-other',
      module: moduleOf(`instanceKeys: [{name: 'zone', schema: z.any().optional()}]`),
    },
  )
  const root = type === 'link' ? ['authors', name] : ['data', 'vmrun', 'node_modules', name]
  await mkdir(host.path(...root, 'commands'))
  await writeFile(host.path(...root, 'hook.js'), `${leavesMark}export default () => 0`)
  await writeFile(
    host.path(...root, 'commands', 'planted.js'),
    `${leavesMark}export default class { static run() {} }`,
  )
  return host
}

const commands = [
  ['list'],
  ['doctor'],
  ['schema'],
  ['--version'],
  ['--help'],
  ['run', '--help'],
  ['planted'],
  ['nosuch'],
  ['plugins'],
  ['plugins', 'install', './x'],
  ['plugins', 'update'],
]

async function expectNothingRan(host: Host, typed = [['planted'], ['doctor', '--help']]): Promise<void> {
  await Promise.all(typed.map(words => host.vmrun(...words)))
  expect(await readdir(host.directory)).not.toContain('ran')
}

/** What there is on the way to a plugin's code, from the top. */
const parts = [
  'data',
  'data/vmrun',
  'data/vmrun/package.json',
  'data/vmrun/node_modules',
  ...['', '/package.json', '/plugin.js', '/hook.js', '/commands'].map(
    part => `data/vmrun/node_modules/${name}${part}`,
  ),
]

test('an instance that needs no plugin runs where they are refused', async () => {
  const host = await hostWithPlugin()
  await chmod(host.path('data'), 0o777)
  const {stderr, exitCode} = await host.vmrun('run', 'vm-1')
  expect(stderr).toMatch(/^vmrun: warning: plugin \(all that are installed\) .* is not safe/u)
  expect(exitCode).toBe(0)
  await host.expectNothingLeft()
})

describe('nothing of a plugin runs that others could have written', () => {
  test.each(parts)('as %s can be written to by all', async part => {
    const host = await hostWithPlugin()
    await chmod(host.path(part), 0o777)
    await expectNothingRan(host)
    const {stderr, exitCode} = await host.vmrun('list')
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^vmrun: warning: plugin .* is not safe: \S+ can be written to by other users/u),
      '',
    ])
    expect(stderr).toContain(`(Take that right away: chmod go-w ${host.path(part)})`)
    expect(exitCode).toBe(0)
    await chmod(host.path(part), 0o755)
    expect((await host.vmrun('list')).stderr).toBe('')
    expect(await readdir(host.directory)).toContain('ran')
  })

  test.runIf(process.getuid?.() === 0).each(parts)('as %s is somebody’s', async part => {
    const host = await hostWithPlugin()
    await chown(host.path(part), somebody, somebody)
    await expectNothingRan(host)
    const {stderr, exitCode} = await host.vmrun('list')
    expect(stderr).toMatch(/^vmrun: warning: plugin .* belongs to another user \(12345\) \(.*\)\n$/u)
    expect(exitCode).toBe(0)
  })
})

test('a plugin that is refused keeps no other from being loaded, and can be removed', async () => {
  const host = await hostWithPlugin('link')
  await chmod(host.path('authors', name), 0o777)
  await host.write('instances.json', (await host.read('instances.json')).replace('{', '{"zone": 1, '))
  const list = await host.vmrun('list', '--json')
  expect(JSON.parse(list.stdout)).toMatchObject([{name: 'vm-1', zone: 1}])
  expect(list.stderr).toMatch(/^vmrun: warning: plugin vmrun-plugin-planted .* is not safe: .*\n$/u)
  expect((await host.vmrun('plugins', 'uninstall', name)).exitCode).toBe(0)
  expect((await host.vmrun('list')).stderr).toBe('')
  expect(await readdir(host.directory)).not.toContain('ran')
})

describe.runIf(process.getuid?.() === 0)('with the home of somebody, as sudo may leave it', () => {
  test.each<[string, (host: Host) => NodeJS.ProcessEnv]>([
    ['HOME', host => ({HOME: host.path('home')})],
    ['XDG_DATA_HOME', host => ({XDG_DATA_HOME: host.path('home', '.local', 'share')})],
    ['VMRUN_DATA_DIR', host => ({VMRUN_DATA_DIR: host.path('home', '.local', 'share', 'vmrun')})],
  ])('nothing is run from there, nor put there: %s', async (_, environment) => {
    const host = await hostWithPlugin()
    await mkdir(host.path('home', '.local'), {recursive: true})
    await rename(host.path('data'), host.path('home', '.local', 'share'))
    await chown(host.path('home'), somebody, somebody)
    host.environment['XDG_DATA_HOME'] = undefined
    Object.assign(host.environment, environment(host))
    const {stderr, exitCode} = await host.vmrun('list')
    expect(stderr).toMatch(/^vmrun: warning: .*belongs to another user \(12345\) \(Run vmrun with a HOME/u)
    expect(stderr.split('\n')).toHaveLength(2)
    expect(exitCode).toBe(0)
    await expectNothingRan(host, commands)
    expect(await readdir(host.path('home'))).toEqual(['.local'])
    const install = await host.vmrun('plugins', 'install', 'vmrun-plugin-x')
    expect(install.stderr).toMatch(
      /^Error: the plugins directory \S+ is not safe: \S+ belongs to another user/u,
    )
    expect(install.exitCode).toBe(2)
    expect((await host.vmrun('plugins', 'install', '--help')).exitCode).toBe(0)
  })

  test.each(['', 'file:'])('a directory of somebody is not installed: %s/…', async scheme => {
    const host = await Host.with({name: 'vm-1'})
    await mkdir(host.path('x'))
    await host.write('x/package.json', JSON.stringify({name, version: '1.0.0'}))
    await chown(host.path('x'), somebody, somebody)
    const {stderr, exitCode} = await host.vmrun('plugins', 'install', scheme + host.path('x'))
    expect(stderr).toMatch(/^Error: \S+ is not safe: \S+ belongs to another user/u)
    expect(exitCode).toBe(2)
  })

  test('where nothing is installed there is nothing to tell, but nothing is installed either', async () => {
    const host = await Host.with({name: 'vm-1'})
    await mkdir(host.path('home'))
    await chown(host.path('home'), somebody, somebody)
    host.environment['HOME'] = host.path('home')
    expect(await host.vmrun('list')).toMatchObject({stderr: '', exitCode: 0})
    for (const words of [['install', 'vmrun-plugin-x'], ['link', '.'], ['update']]) {
      expect(await host.vmrun('plugins', ...words)).toMatchObject({exitCode: 2})
    }

    expect(await readdir(host.path('home'))).toEqual([])
  })

  test('a plugin of somebody’s is not linked', async () => {
    const host = await hostWithPlugin('link')
    await symlink(host.path('authors', name), host.path('link'))
    await lchown(host.path('link'), somebody, somebody)
    const {stderr, exitCode} = await host.vmrun('plugins', 'link', './link')
    expect(stderr).toContain('is a symbolic link of another user')
    expect(exitCode).toBe(2)
  })
})
