import {execFileSync} from 'node:child_process'
import {mkdir, rename, writeFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {printable} from '../../src/text/printable.js'
import {Host} from './host.js'

/** A name that tries to act on a terminal, to begin a line of its own, and to be a command of GitHub Actions. */
const hostile = '::error::\u001b]0;x\u0007\u009b31m\u202e\u2028\n::error::##[error]x'

const harmful = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]|##\[|^\s*::/mu

/** A host with files of hostile names, an image whose header names one among them. */
async function hostileHost(): Promise<Host> {
  const host = await Host.with({name: 'vm-1', config: {token: '${{ env:UNSET }}'}})
  const image = host.path(`${hostile}.qcow2`)
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', host.path('a.qcow2'), '1M'])
  execFileSync('qemu-img', [
    ...['rebase', '-u', '-f', 'qcow2', '-F', 'raw', '-b', `${hostile}.raw`, host.path('a.qcow2')],
  ])
  await rename(host.path('a.qcow2'), image)
  await mkdir(host.path(hostile))
  const shared = {
    'timeout-seconds': 60,
    config: {a: `\${{ file:${hostile} }}`},
    arch: 'x86_64',
    accelerator: 'tcg',
  }
  await writeFile(
    host.path(`${hostile}.json`),
    JSON.stringify([
      {...shared, name: 'reads', image},
      {...shared, name: 'missing', image: `${image}.gone`},
      {...shared, name: 'whole', image: 'whole.qcow2', 'root-disk': '2M', config: {}},
    ]),
  )
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', host.path('whole.qcow2'), '1M'])
  host.environment['GITHUB_ACTIONS'] = 'true'
  host.environment['VMRUN_STATE_DIR'] = host.path(hostile)
  return host
}

const named = ['--file', `${hostile}.json`]

const commands = [
  ['list', ...named],
  ['list', ...named, '--json'],
  ['list', '--file', hostile],
  ['list', '--file', hostile, '--json'],
  ['list', hostile],
  ['list', `--${hostile}`],
  ['list', hostile, '--json'],
  [hostile],
  [hostile, '--json'],
  ['validate', `${hostile}.json`, '--format', 'pretty'],
  ['validate', `${hostile}.json`, '--format', 'plain'],
  ['validate', `${hostile}.json`, '--format', 'json'],
  ['validate', `${hostile}.json`, '--format', 'sarif'],
  ['validate', `${hostile}.json`, '--json'],
  ['validate', `--format=${hostile}`],
  ['doctor', ...named],
  ['doctor', ...named, '--json'],
  ['doctor', '--work-dir', hostile],
  ['doctor', '--work-dir', `${hostile}/gone`],
  ['run', ...named, 'reads'],
  ['run', ...named, 'whole', '--work-dir', `${hostile}/gone`],
  ['run', ...named, hostile],
  ['run', ...named, 'missing', '--dry-run'],
  ['run', ...named, 'missing', '--dry-run', '--json'],
  ['run', ...named, 'whole', '--console', `${hostile}/gone/x`],
  ['run', ...named, '--', `--${hostile}`],
  ['run', 'vm-1', '--relax', hostile],
  ['build-iso', ...named, 'whole', '--output', `${hostile}.iso`],
  ['build-iso', ...named, 'whole', '--output', `${hostile}.iso`, '--json'],
  ['build-iso', ...named, 'whole', '--output', hostile],
  ['build-iso', ...named, 'reads'],
  ['init', '--file', `${hostile}.json`],
  ['init', '--file', `${hostile}.new`, '--image', `${hostile}.qcow2`],
  ['init', '--file', `${hostile}.new`, '--image', 'whole.qcow2'],
  ['init', '--file', `${hostile}.new`, '--image', 'whole.qcow2', '--arch', hostile, '--timeout', hostile],
  ['prune'],
  ['schema', hostile],
  ['help', hostile],
  [hostile, '--help'],
  ['plugins', 'inspect', hostile],
  ['plugins', 'link', hostile],
  ['plugins', 'uninstall', hostile],
].map(words => ({words, title: printable(words.join(' '))}))

test.each(commands)('no name acts on a terminal, a log or GitHub Actions: $title', async ({words}) => {
  const host = await hostileHost()
  const {stdout, stderr} = await host.vmrun(...words)
  expect(stdout + stderr).not.toBe('')
  expect(stdout).not.toMatch(harmful)
  expect(stderr).not.toMatch(harmful)
})

test('for GitHub Actions there is one command for each problem, and nothing else in it', async () => {
  const host = await hostileHost()
  const {stdout} = await host.vmrun('validate', `${hostile}.json`, '--format', 'github')
  const [annotations, others] = [/^::error file=.*$/gmu, /^(?!::error file=).*$/gmu].map(
    form => stdout.match(form) ?? [],
  )
  expect(annotations?.length).toBeGreaterThan(1)
  expect(others?.filter(line => line !== '')).toEqual([expect.stringMatching(/^1 file: /u)])
  expect(stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
})

test('a run that fails for its image does so in one line', async () => {
  const host = await hostileHost()
  await host.write(
    'instances.json',
    JSON.stringify([{name: 'vm-1', image: 'a\n::error::x', 'timeout-seconds': 5, config: {}}]),
  )
  for (const more of [[], ['--json']]) {
    const {stdout, stderr, exitCode} = await host.vmrun('run', 'vm-1', ...more)
    expect(exitCode).toBe(1)
    expect(stdout + stderr).toContain('u000a::error::x does not exist')
    expect(stdout + stderr).not.toMatch(harmful)
  }
})

test('GitHub Actions takes nothing that a guest prints for a command', async () => {
  const host = await Host.with({name: 'vm-1'})
  host.environment['GITHUB_ACTIONS'] = 'true'
  const {stdout} = await host.vmrun('run', 'vm-1', '--console', 'stdout')
  expect(stdout).toMatch(/^::stop-commands::(?<word>[0-9a-f-]{36})\nnano: hello\n.*\n::\k<word>::\n$/su)
  const {stderr} = await host.vmrun('run', 'vm-1', '--console', 'stdout', '--json')
  expect(stderr).toMatch(/^::stop-commands::(?<word>[0-9a-f-]{36})\nnano: hello\n.*\n::\k<word>::\n$/su)
  await host.startInShell('"$@" >log', 'run', 'vm-1', '--console', 'stdout').ended
  expect(await host.read('log')).toMatch(/^nano: hello\n/u)
})
