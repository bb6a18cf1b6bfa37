import {readFile} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {Host} from './host.js'

const manifest: {readonly commands: Readonly<Record<string, {readonly args: object}>>} = JSON.parse(
  await readFile(new URL('../../oclif.manifest.json', import.meta.url), 'utf8'),
)
const withArguments = Object.entries(manifest.commands).filter(([, {args}]) => Object.keys(args).length > 0)

test.each([...withArguments.map(([id]) => id), 'plugins install', 'plugins uninstall'])(
  '%s takes no standard input for an argument that is missing: the rest of a script stays',
  async command => {
    const host = await Host.with({name: 'vm-1'})
    const script = `printf 'vm-1\\nrest\\n' | { "$@" >/dev/null 2>&1; echo "exit code $?"; cat; }`
    const {stdout} = await host.startInShell(script, ...command.split(' ')).ended
    expect(stdout).toBe(`exit code ${command === 'validate' ? 0 : 2}\nvm-1\nrest\n`)
  },
)

describe('- is', () => {
  test.each([
    ['list --file -', 'vm-1'],
    ['list --file - --json', '"name": "vm-1"'],
    ['validate -', '1 file: 0 errors'],
    ['validate - - ./-', '2 files: 0 errors'],
    ['doctor --file -', 'Instances of -'],
    ['run vm-1 --dry-run --file -', 'qemu-system-x86_64'],
    ['build-iso vm-1 --file - --output -', '"name":"vm-1"'],
  ])('standard input: %s', async (words, says) => {
    const host = await Host.with({name: 'vm-1', image: 'base.qcow2'})
    await host.startInShell('qemu-img create -q -f qcow2 base.qcow2 1M; cp instances.json ./-').ended
    const {stdout, stderr} = await host.startInShell('"$@" <instances.json', ...words.split(' ')).ended
    expect(stderr).toBe('')
    expect(stdout).toContain(says)
  })

  test('standard output, where something is written: a guest’s console, and a first instances file', async () => {
    const host = await Host.with({name: 'vm-1'})
    const file = await host.read('instances.json')
    const run = host.startInShell('cat instances.json | "$@"', ...'run vm-1 --file - --console -'.split(' '))
    expect((await run.ended).stdout).toContain('nano: ')
    const init = ['init', '--image', 'gone.qcow2', '--no-host-checks', '--file', '-']
    const {stdout, exitCode} = await host.vmrun(...init)
    expect(JSON.parse(stdout)).toMatchObject([{name: 'vm-1', image: 'gone.qcow2'}])
    expect(exitCode).toBe(0)
    expect((await host.vmrun(...init, '--json')).exitCode).toBe(2)
    expect(await host.read('instances.json')).toBe(file)
  })
})

test('the output of a command is an instances file too, and what is wrong in it is told by its place', async () => {
  const host = await Host.with({name: 'vm-1', image: 'gone.qcow2'})
  const script = (words: string): string => `exec bash -c '"$@" ${words}' bash "$@"`
  const listed = await host.startInShell(script('<(cat instances.json)'), 'list', '--json', '--file').ended
  expect(JSON.parse(listed.stdout)).toMatchObject([{image: host.path('gone.qcow2')}])
  const checked = await host.startInShell(script('- <<<"[{]"'), 'validate').ended
  expect(checked.stdout).toMatch(/^-:1:3: error: /mu)
  expect(checked.exitCode).toBe(2)
})

test.each([
  ['validate', 'pipe'],
  ['list', '--file', 'pipe'],
  ['validate', '/dev/ptmx'],
])('what nobody may ever write to, and a device, are refused and not opened: %s %s', async (...words) => {
  const host = await Host.with({name: 'vm-1'})
  await host.startInShell('mkfifo pipe').ended
  const {stdout, stderr, exitCode} = await host.vmrun(...words)
  expect(stdout + stderr).toMatch(/the instances file is a (?:pipe|device), not a file/u)
  expect(exitCode).not.toBe(0)
})
