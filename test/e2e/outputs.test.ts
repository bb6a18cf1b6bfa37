import {execFileSync} from 'node:child_process'
import {copyFile, link, readFile, symlink} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {Host} from './host.js'

/** A host with an image on a backing file, an instances file and a file that a placeholder reads. */
async function hostWithInputs(): Promise<Host> {
  const config = {action: 'power-off', secret: '${{ file:secret }}'}
  const host = await Host.with({name: 'vm-1', image: 'top.qcow2', 'backing-files': ['base.qcow2'], config})
  await copyFile(await guestImage('nano'), host.path('base.qcow2'))
  execFileSync('qemu-img', [
    ...['create', '-q', '-f', 'qcow2', '-F', 'qcow2', '-b', 'base.qcow2', host.path('top.qcow2')],
  ])
  await host.write('secret', 'hunter2\n')
  await host.write('job.json', '{}')
  await link(host.path('base.qcow2'), host.path('hard'))
  await symlink('top.qcow2', host.path('soft'))
  return host
}

const inputs = ['top.qcow2', 'base.qcow2', 'instances.json', 'secret', 'hard', 'job.json']

/** Each way to name an output, with a script in which it names an input. */
const ways = [
  {how: '--console', script: (input: string) => `"$@" --console ${input}`, of: 'run'},
  {how: 'VMRUN_TRACE', script: (input: string) => `VMRUN_TRACE=${input} "$@"`, of: 'run'},
  {how: '--output', script: (input: string) => `"$@" --output ${input} --force`, of: 'build-iso'},
]

const attempts = [
  ...ways.flatMap(({how, script, of}) => inputs.map(input => ({input, how, script: script(input), of}))),
  {input: 'soft', how: '--console', script: '"$@" --console soft', of: 'run'},
  {input: 'base.qcow2', how: 'standard output', script: '"$@" >>base.qcow2', of: 'run'},
  {input: 'top.qcow2', how: 'standard output', script: '"$@" --console stdout >>top.qcow2', of: 'run'},
  {input: 'secret', how: 'standard output', script: '"$@" --dry-run >>secret', of: 'run'},
  {input: 'top.qcow2', how: 'standard output', script: '"$@" --output - 1<>top.qcow2', of: 'build-iso'},
]

test.each(attempts)('no output is an input: $how $input', async ({input, script, of}) => {
  const host = await hostWithInputs()
  const before = await readFile(host.path(input))
  const {exitCode, stderr} = await host.startInShell(script, of, 'vm-1', '--config', 'job.json').ended
  expect(stderr).toMatch(/^Error: .* cannot be written to: it is .*, which is read\nName another file\.\n$/u)
  expect(exitCode).toBe(2)
  expect(await readFile(host.path(input))).toEqual(before)
  await host.expectNothingLeft()
})

test('what is no input is written as ever', async () => {
  const host = await hostWithInputs()
  await host.write('log', 'earlier\n')
  const {exitCode} = await host.startInShell(
    'VMRUN_TRACE=trace "$@" >>out',
    'run',
    'vm-1',
    '--console',
    'log',
  ).ended
  expect(exitCode).toBe(0)
  expect(await host.read('log')).toMatch(/^earlier\nnano: hello\n/u)
  expect(await host.read('trace')).toMatch(/^\{"traceEvents"/u)
})
