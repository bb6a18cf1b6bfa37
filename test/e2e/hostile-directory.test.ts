import {execFileSync, spawnSync} from 'node:child_process'
import {access, cp, mkdir, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {Host} from './host.js'

/** It has what looks like a token in it, as there are tools that then ask git about the file. */
const token = ['ghp', 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zAaB3d'].join('_')

/** Programs by whose names a trap may lie in wait. */
const programs = [
  'cat',
  'getent',
  'git',
  'node',
  'npm',
  'prlimit',
  'qemu-img',
  'qemu-system-x86_64',
  'setpriv',
  'sh',
]

/** A working directory that tries everything by which a file in it could be run. What is run leaves `sprung` there. */
async function hostileDirectory(): Promise<Host> {
  const host = await Host.with({name: 'vm-1', config: {token}})
  await putGitTrap(host)
  await putPrograms(host)
  await putModules(host)
  host.environment['PATH'] = `.::node_modules/.bin:${host.environment['PATH']}`
  host.environment['XDG_DATA_HOME'] = 'data'
  host.environment['XDG_CONFIG_HOME'] = '.'
  return host
}

/**
 * Makes the directory itself a git repository. Its index lacks a tree, which git asks the origin for, and the origin is
 * reached by a command that the repository names: `git ls-files` runs it.
 */
async function putGitTrap(host: Host): Promise<void> {
  const source = host.path('source')
  await mkdir(path.join(source, 'folder'), {recursive: true})
  await cp(host.path('instances.json'), path.join(source, 'instances.json'))
  await writeFile(path.join(source, 'folder', 'file'), 'text')
  const git = (...words: readonly string[]) =>
    execFileSync('git', ['-C', source, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words])
  git('init', '--quiet')
  git('add', '.')
  git('commit', '--quiet', '--message=all')
  git('sparse-checkout', 'set', '--cone', '--sparse-index')
  await cp(path.join(source, '.git', 'index'), host.path('index'))
  await rm(source, {recursive: true})
  await Promise.all(['objects', 'refs'].map(name => mkdir(host.path(name))))
  await host.write('HEAD', 'ref: refs/heads/main\n')
  await host.write(
    'config',
    `[core]
repositoryformatversion = 1
bare = false
worktree = .
fsmonitor = touch '${host.path('sprung')}'
[extensions]
partialClone = origin
[remote "origin"]
url = .
promisor = true
uploadpack = "touch '${host.path('sprung')}'; false"
`,
  )
}

async function putPrograms(host: Host): Promise<void> {
  const script = `#!/bin/sh\ntouch '${host.path('sprung')}'\n`
  await mkdir(host.path('node_modules', '.bin'), {recursive: true})
  const places = programs.flatMap(name => [host.path(name), host.path('node_modules', '.bin', name)])
  await Promise.all(places.map(place => writeFile(place, script, {mode: 0o755})))
}

async function putModules(host: Host): Promise<void> {
  const code = `require('node:fs').writeFileSync(${JSON.stringify(host.path('sprung'))}, '')\n`
  const oclif = {
    hooks: {init: './trap.cjs', 'vmrun:plugin': './trap.cjs'},
    plugins: ['trap'],
    devPlugins: ['trap'],
  }
  const manifest = {name: 'trap', version: '1.0.0', main: './trap.cjs', dependencies: {trap: '*'}}
  const installed = {
    oclif: {plugins: [{name: 'trap', type: 'user', tag: 'latest'}]},
    dependencies: {trap: '*'},
  }
  const files = {
    'package.json': JSON.stringify({...manifest, oclif}),
    'tsconfig.json': '{"compilerOptions": {"outDir": "dist", "rootDir": "src"}}',
    '.npmrc': 'script-shell=./sh\n',
    ...Object.fromEntries(
      ['.oclifrc.js', '.oclifrc.cjs', 'oclif.config.cjs', '.pnp.cjs', 'trap.cjs'].map(name => [name, code]),
    ),
    'data/vmrun/package.json': JSON.stringify(installed),
  }
  const packages = ['node_modules', 'data/vmrun/node_modules'].flatMap(parent =>
    ['trap', 'vmrun', '@oclif/plugin-plugins', '@oclif/core', 'pnpapi'].flatMap(name => [
      [`${parent}/${name}/package.json`, JSON.stringify({...manifest, name, oclif})],
      [`${parent}/${name}/trap.cjs`, code],
    ]),
  )
  for (const [name = '', content = ''] of [...Object.entries(files), ...packages]) {
    await mkdir(path.dirname(host.path(name)), {recursive: true})
    await host.write(name, content)
  }
}

/** Runs vmrun there. @returns the programs that were executed, the first of which is the Node of vmrun itself */
async function executedBy(host: Host, words: readonly string[]): Promise<readonly string[]> {
  const strace = ['strace', '--follow-forks', '--quiet=all', '--trace=execve', '--signal=none']
  await host.startUnder([...strace, `--output=${host.path('calls')}`], ...words).ended
  const calls = (await host.read('calls')).matchAll(/execve\("(?<program>[^"]*)".* = 0$/gmu)
  return Array.from(calls, ({groups}) => groups?.['program'] ?? '')
}

test('the directory springs the trap of whoever calls git in it', async () => {
  const host = await hostileDirectory()
  const git = [
    '-C',
    host.directory,
    '-c',
    'core.fsmonitor=false',
    'ls-files',
    '--error-unmatch',
    'instances.json',
  ]
  spawnSync('git', git)
  await access(host.path('sprung'))
})

const formats = ['pretty', 'plain', 'json', 'github', 'sarif']

test.each([
  ...formats.map(format => ['validate', '--format', format]),
  ['validate', '--no-host-checks'],
  ['list'],
  ['run', 'vm-1', '--dry-run'],
  ['init', '--file', 'other.json', '--image', 'image.qcow2', '--no-host-checks'],
  ['schema'],
  ['prune'],
  ['validate', '--help'],
  ['plugins'],
  ['no-such-command'],
])('in a directory full of traps, vmrun %s %s %s executes nothing', async (...words) => {
  const host = await hostileDirectory()
  expect(await executedBy(host, words)).toEqual([process.execPath])
  await expect(access(host.path('sprung'))).rejects.toThrow('ENOENT')
})

test.each([['doctor'], ['build-iso', 'vm-1'], ['run', 'vm-1']])(
  'in a directory full of traps, vmrun %s executes nothing but what the host has installed',
  async (...words) => {
    const host = await hostileDirectory()
    const [node, ...executed] = await executedBy(host, words)
    expect(node).toBe(process.execPath)
    expect(executed).not.toEqual([])
    expect(executed.filter(program => !/^\/(?:usr\/)?s?bin\/(?!git)/u.test(program))).toEqual([])
    await expect(access(host.path('sprung'))).rejects.toThrow('ENOENT')
  },
)
