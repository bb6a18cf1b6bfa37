import {cp, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, inject, test} from 'vitest'
import {Command} from '../e2e/command.js'
import {guestImage} from '../guest-image.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {copyExample, exampleNames} from './example.js'
import {npm} from './npm.js'
import {expectSuccess, Shell} from './shell.js'

/**
 * By its name: what an instance takes to be about the plugin, what its own tests have to be told, and a change of the source
 * with what `vmrun run --dry-run` says from then on.
 */
const examples = [
  {
    name: 'vmrun-plugin-s390x',
    instance: {arch: 's390x'},
    environment: async () => ({VMRUN_S390X_IMAGE: await guestImage('linux-s390x')}),
    change: {file: 'src/s390x.ts', from: `'max'`, to: `'z14'`, says: '-cpu z14'},
  },
  {
    name: 'vmrun-plugin-webhook',
    instance: {webhook: {url: 'http://127.0.0.1:9/'}},
    environment: async () => ({}),
    change: {file: 'src/plugin.ts', from: '`Webhook: ', to: '`Hook: ', says: 'Hook: 127.0.0.1'},
  },
] as const

test('every example has its row', async () => {
  expect(examples.map(({name}) => name)).toEqual(await exampleNames())
})

test.each(examples)(
  '$name is built, packed, installed, and linked by the packed vmrun as its author and its users do',
  async example => {
    const {name, instance, environment, change} = example
    const parent = await temporaryDirectory()
    const plugin = await copyExample(name, parent)
    /** What its author types, where npm is set up as it is. */
    const author = async (line: string, further: NodeJS.ProcessEnv = {}): Promise<void> => {
      const all = {...process.env, HOME: parent, ...further}
      expectSuccess(line, await new Command('sh', ['-c', line], all, plugin).ended)
    }
    await npm(plugin, 'install', '--no-save', inject('packed').tarball)

    // It has types that hold, and passes its own tests.
    await npm(plugin, 'run', 'build')
    await author('npm run types')
    await author('npm test', await environment())

    // It is installed without a registry, listed, inspected and uninstalled.
    await npm(plugin, 'pack')
    const shell = await Shell.with({name: 'vm-1', ...instance})
    const file = `${name}-1.0.0.tgz`
    await cp(path.join(plugin, file), shell.host.path(file))
    expect((await shell.try('vmrun validate')).exitCode).toBe(2)
    await shell.type(`vmrun plugins install ./${file}`)
    expect((await shell.type('vmrun plugins')).stdout).toBe(`${name} 1.0.0\n`)
    const inspected = await shell.type(`vmrun plugins inspect ${name}`)
    expect(inspected.stdout).toContain(`location ${shell.host.path('data', 'vmrun', 'node_modules', name)}`)
    expect((await shell.type('vmrun validate')).stdout).toContain('0 errors')
    await shell.type(`vmrun plugins uninstall ${name}`)
    expect((await shell.type('vmrun plugins')).stdout).toBe('No plugins installed.\n')
    expect((await shell.try('vmrun validate')).exitCode).toBe(2)

    // It is linked where it is developed, and shows what is changed in it once that is compiled.
    await shell.type(`vmrun plugins link ${plugin}`)
    expect((await shell.type('vmrun plugins')).stdout).toContain(`${name} 1.0.0 (link) ${plugin}`)
    const before = await shell.type('vmrun run vm-1 --dry-run')
    expect(before.stdout).not.toContain(change.says)
    expect(before.stderr).toBe('')
    const source = await readFile(path.join(plugin, change.file), 'utf8')
    expect(source).toContain(change.from)
    await writeFile(path.join(plugin, change.file), source.replace(change.from, change.to))
    await author('npm run build')
    expect((await shell.type('vmrun run vm-1 --dry-run')).stdout).toContain(change.says)
    await shell.type(`vmrun plugins unlink ${name}`)
    expect((await shell.type('vmrun plugins')).stdout).toBe('No plugins installed.\n')
  },
)
