import {mkdir, writeFile} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {Host} from './host.js'
import {installPlugins, moduleOf} from './plugins.js'

const name = 'vmrun-plugin-ender'

/** Where a plugin can end the process that it runs in. */
const moments = [
  ['is loaded', '3', (ends: string) => `${ends}; ${moduleOf('')}`],
  ['is asked what it contributes', '', (ends: string) => `export default () => { ${ends} }`],
  [
    'leaves something behind',
    '0',
    (ends: string) => `setTimeout(() => { ${ends} }); ${moduleOf('')}; await new Promise(() => 0)`,
  ],
] as const

async function hostWith(module: string): Promise<Host> {
  const host = await Host.with({name: 'vm-1', config: {action: 'wait'}})
  await installPlugins(host, {name, module})
  return host
}

const told = new RegExp(
  `^vmrun: error: /\\S+/${name}/plugin\\.js ended vmrun before the command had a result\\n$`,
  'u',
)

test.each(moments)(
  'a plugin that ends vmrun when it %s makes no success of a command, nor a verdict',
  async (_, code, moduleFor) => {
    const host = await hostWith(moduleFor(`process.exit(${code})`))
    for (const words of [['list'], ['run', 'vm-1'], ['validate', '--json']]) {
      const {exitCode, stdout, stderr} = await host.vmrun(...words)
      expect(stderr).toMatch(told)
      expect(stdout).toBe('')
      expect(exitCode).toBe(1)
    }
  },
)

test('nor one that ends it once more when it ends', async () => {
  const host = await hostWith(`process.on('exit', () => process.exit(0)); process.exit(0); ${moduleOf('')}`)
  expect(await host.vmrun('list')).toMatchObject({exitCode: 1})
})

test('a hook that never comes to an end makes no success either', async () => {
  const host = await hostWith(moduleOf(''))
  const root = host.path('data', 'vmrun', 'node_modules', name)
  await writeFile(
    `${root}/package.json`,
    JSON.stringify({name, version: '1.0.0', type: 'module', oclif: {hooks: {init: './hook.js'}}}),
  )
  await writeFile(`${root}/hook.js`, 'export default () => new Promise(() => 0)')
  const {exitCode, stderr} = await host.vmrun('list')
  expect(stderr).toBe('vmrun: error: something ended vmrun before the command had a result\n')
  expect(exitCode).toBe(1)
})

describe('in the middle of a run', () => {
  const step = (ends: string): string =>
    moduleOf(`steps: [{name: 'x', title: 'X', before: 'qemu', async run(run) {
      run.onMachine(() => setTimeout(() => { ${ends} }, 100))
      return 'X: done'
    }}]`)

  test.each(['process.exit(0)', 'process.abort()'])('%s is no success, and leaves nothing', async ends => {
    const host = await hostWith(step(ends))
    const {exitCode, stdout, stderr} = await host.vmrun('run', 'vm-1', '--json')
    expect(exitCode).toBe(ends.includes('abort') ? null : 1)
    expect(stdout).not.toContain('verdict"')
    expect(stderr).toMatch(ends.includes('abort') ? /^/u : told)
    await host.expectNothingLeftSoon()
  })
})

test('an exit code that a plugin sets has no say in how a command ends', async () => {
  const host = await hostWith(`process.exitCode = 7; ${moduleOf('')}`)
  expect(await host.vmrun('list')).toMatchObject({exitCode: 0})
  await installPlugins(host, {
    name,
    module: `process.on('exit', () => { process.exitCode = 0 }); ${moduleOf('')}`,
  })
  expect(await host.vmrun('run', 'vm-2')).toMatchObject({exitCode: 2})
})

test('a command of a plugin’s own ends as it likes, and others as ever', async () => {
  const host = await Host.with({name: 'vm-1'})
  await installPlugins(host, {
    name,
    module: moduleOf(''),
    manifest: {oclif: {commands: './commands', hooks: {'vmrun:plugin': './plugin.js'}}},
  })
  const commands = host.path('data', 'vmrun', 'node_modules', name, 'commands')
  await mkdir(commands)
  await writeFile(
    `${commands}/ender.js`,
    'export default class { static strict = false; static args = {}; static flags = {}; static run([code]) { process.exit(Number(code)) } }',
  )
  for (const code of [0, 5]) {
    expect(await host.vmrun('ender', String(code))).toMatchObject({exitCode: code, stderr: ''})
  }

  for (const [word, code] of [
    ['--version', 0],
    ['plugins', 0],
    ['nosuch', 2],
    ['schema', 0],
  ] as const) {
    const {exitCode, stderr} = await host.vmrun(word)
    expect(`${word}: ${exitCode}`).toBe(`${word}: ${code}`)
    expect(stderr).not.toContain('ended vmrun')
  }
})
