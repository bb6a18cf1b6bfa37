import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {eventsOf, Host} from './host.js'
import {giveOwnCopy, installPlugins, moduleOf, type PluginPackage} from './plugins.js'

/** A plugin with one of each contribution. */
const everything: PluginPackage = {
  name: 'vmrun-plugin-everything',
  module: `import {definePlugin, z} from 'vmrun'
const pc = {
  name: 'pc', hosts: [], program: 'qemu-system-x86_64', packages: {}, machine: 'pc', emulatedCpu: 'qemu64',
  devices: {disk: {driver: 'virtio-blk-pci'}, network: {driver: 'virtio-net-pci', romfile: ''},
    scsi: {driver: 'virtio-scsi-pci'}},
  arguments: [],
}
const upper = {
  name: 'upper',
  configure: ({kind, ...others}, architecture) => ({
    title: 'Disk in capitals',
    arguments: file => ['-blockdev', JSON.stringify({driver: 'raw', 'node-name': 'config', 'read-only': true,
      file: {driver: 'file', filename: file, locking: 'off'}}), '-device',
      JSON.stringify({...architecture.devices.disk, drive: 'config'})],
    content: ({name, config}) => ({label: 'instance-configuration',
      files: [{name: 'instance.json', content: JSON.stringify({name: name.toUpperCase(), config})}]}),
  }),
}
const step = (name, place) => ({
  name, title: 'About to ' + name, ...place,
  async run(run, progress) {
    progress('busy with ' + name)
    run.emit({type: 'notice', text: name + ': ' + run.contributed.region})
    return 'Done: ' + name
  },
})
export default definePlugin({
  apiVersion: 1,
  architectures: [pc],
  configDisks: [upper],
  placeholders: [{name: 'reversed', resolve: async argument => Array.from(argument).reverse().join('')}],
  instanceKeys: [{name: 'region', schema: z.enum(['north', 'south'], 'must be "north" or "south"').default('north')}],
  steps: [step('prepare', {before: 'qemu'}), step('report', {after: 'timeout-watch'})],
})
`,
}

/** A host with that plugin. */
async function equipped(...instances: readonly object[]): Promise<Host> {
  const host = await Host.with(...instances)
  await installPlugins(host, everything)
  return host
}

test('an architecture, a config disk and a placeholder of a plugin boot a guest', async () => {
  const host = await equipped({
    name: 'vm-1',
    arch: 'pc',
    'config-disk': 'upper',
    config: {word: '${{ reversed:sesame }}'},
  })
  const {stdout, stderr, exitCode} = await host.vmrun('run', 'vm-1', '--console', 'stdout')
  expect(stdout).toContain('nano: instance.json {"name":"VM-1","config":{"word":"emases"}}')
  expect(stderr).toContain('vm-1: completed')
  expect(exitCode).toBe(0)
  await host.expectNothingLeft()
})

test('its steps run at their places, and tell what they do as all others', async () => {
  const host = await equipped({name: 'vm-1', region: 'south'})
  const ending = await host.vmrun('run', 'vm-1', '--json')
  const events = eventsOf(ending)
  expect(events[0]).toMatchObject({
    steps: [
      'run-record',
      'overlay',
      'config-disk',
      'prepare',
      'qemu',
      'timeout-watch',
      'report',
      'cleanup',
    ].map(name => ({name})),
  })
  expect(events.filter(({step}) => step === 'prepare')).toMatchObject([
    {type: 'step-started', title: 'About to prepare'},
    {type: 'step-progress', text: 'busy with prepare'},
    {type: 'step-done', title: 'Done: prepare'},
  ])
  expect(events.filter(({type}) => type === 'notice')).toMatchObject([
    {text: 'prepare: south'},
    {text: 'report: south'},
  ])
  expect(ending).toMatchObject({exitCode: 0, stderr: ''})
  await host.expectNothingLeft()
})

test('its instance key has its default, and is listed', async () => {
  const host = await equipped({name: 'vm-1'}, {name: 'vm-2', region: 'south'})
  const {stdout, stderr, exitCode} = await host.vmrun('list', '--json')
  expect(JSON.parse(stdout)).toMatchObject([
    {name: 'vm-1', region: 'north'},
    {name: 'vm-2', region: 'south'},
  ])
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
})

test.each([
  [{region: 'east'}, 'region must be "north" or "south", not the string "east"'],
  [{regoin: 'north'}, 'unknown key "regoin" (did you mean region?)'],
  [{region: 'Nort'}, '(did you mean north?)'],
])('its instance key is checked as vmrun’s own: %j', async (keys, message) => {
  const host = await equipped({name: 'vm-1', ...keys})
  for (const words of [['validate'], ['list'], ['run', 'vm-1']]) {
    const {stdout, stderr, exitCode} = await host.vmrun(...words)
    expect(stdout + stderr).toContain(message)
    expect(exitCode).toBe(2)
  }
})

test('a linked plugin with a vmrun of its own works as well, and its errors are vmrun’s', async () => {
  const host = await Host.with({name: 'vm-1', door: 'open'}, {name: 'vm-2'}, {name: 'vm-3', door: 'shut'})
  const members = `
    instanceKeys: [{name: 'door', schema: z.enum(['open', 'shut']).optional()}],
    configDisks: [{name: 'none', configure() { throw new UsageError('no such door', {hint: 'Try another.'}) }}],
    steps: [{name: 'door', title: 'Door', before: 'qemu', async run(run) {
      if (run.contributed.door === 'shut') throw new GuestError('the door is shut', {hint: 'Open it.'})
      return 'Door: ' + run.contributed.door
    }}]`
  await installPlugins(host, {name: 'vmrun-plugin-door', type: 'link', module: moduleOf(members)})
  await giveOwnCopy(host, 'vmrun-plugin-door')
  const open = await host.vmrun('run', 'vm-1')
  expect(open.stderr + open.stdout).toContain('Door: open')
  expect(open.exitCode).toBe(0)
  const shut = await host.vmrun('run', 'vm-3')
  expect(shut.stderr).toContain('Error: the door is shut\nOpen it.\n')
  expect(shut.exitCode).toBe(3)
  await host.write('none.json', JSON.stringify([{...nano, name: 'vm-1', 'config-disk': 'none'}]))
  const none = await host.vmrun('run', 'vm-1', '--file', 'none.json', '--json')
  expect(JSON.parse(none.stdout)).toEqual({error: {message: 'no such door', hint: 'Try another.'}})
  expect(none).toMatchObject({exitCode: 2, stderr: ''})
  await host.expectNothingLeft()
})

const nano = {
  image: await guestImage('nano'),
  'timeout-seconds': 150,
  config: {},
  arch: 'x86_64',
  accelerator: 'tcg',
}

test.runIf(process.platform === 'linux')(
  'what a placeholder of a plugin starts leaves no core, as secrets are in it',
  async () => {
    const host = await Host.with({name: 'vm-1', config: {limits: '${{ limits:core }}'}})
    await installPlugins(host, {
      name: 'vmrun-plugin-limits',
      module: `import {execFileSync} from 'node:child_process'
import {definePlugin} from 'vmrun'
const script = 'grep core /proc/self/limits; cat /proc/self/coredump_filter'
const resolve = async () => execFileSync('sh', ['-c', script], {encoding: 'utf8'}).replaceAll(/\\s+/g, ' ')
export default definePlugin({apiVersion: 1, placeholders: [{name: 'limits', resolve}]})
`,
    })
    const unlimited = ['sh', '-c', 'ulimit -c unlimited; exec "$@"', 'sh']
    const {stdout} = await host.startUnder(unlimited, 'run', 'vm-1', '--console', 'stdout').ended
    expect(stdout).toContain('Max core file size 1 1 bytes 00000000')
  },
)
