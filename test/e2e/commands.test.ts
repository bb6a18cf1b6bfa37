import {execFile} from 'node:child_process'
import {copyFile, readFile} from 'node:fs/promises'
import {promisify} from 'node:util'
import {describe, expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {sha256Of} from '../sha256.js'
import {Host} from './host.js'

const example = new URL('../../instances.example.json', import.meta.url)
const run = promisify(execFile)

describe('help', () => {
  const commands = [
    'build-iso',
    'doctor',
    'guest-files',
    'init',
    'list',
    'prune',
    'run',
    'schema',
    'validate',
  ]

  test.each(['-h', '--help'])('vmrun %s says what vmrun is, and each command in a line', async flag => {
    const host = await Host.with()
    const {stdout, exitCode} = await host.vmrun(flag)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('Run throw-away virtual machines that leave nothing behind')
    for (const command of commands) {
      expect(stdout).toMatch(new RegExp(`^  ${command} +[A-Z].+\\.$`, 'mu'))
    }
  })

  test.each(commands)('vmrun %s -h has a usage, a description and examples', async command => {
    const host = await Host.with()
    const {stdout, exitCode} = await host.vmrun(command, '-h')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(new RegExp(`USAGE\\n  \\$ vmrun ${command} `, 'u'))
    expect(stdout).toMatch(new RegExp(`EXAMPLES\\n  \\$ vmrun ${command}`, 'u'))
    expect(stdout).toContain('DESCRIPTION')
    expect(stdout).not.toContain('undefined')
  })
})

describe('bad arguments', () => {
  test.for([
    {words: ['run'], says: 'Missing 1 required arg'},
    {words: ['run', ''], says: 'an empty text names nothing'},
    {words: ['run', 'vm-1', '--file', ''], says: 'an empty text names nothing'},
    {words: ['run', 'vm-1', '--timeout', '0'], says: 'greater than or equal to 1'},
    {words: ['run', 'vm-1', '--frobnicate'], says: 'Nonexistent flag: --frobnicate'},
    {words: ['run', 'vm-1', 'vm-2'], says: 'Unexpected argument: vm-2'},
    {words: ['runn', 'vm-1'], says: 'vmrun has no command runn'},
    {words: ['run', 'vm-3'], says: 'no instance vm-3 in instances.json; it has: vm-1, other, a/b'},
    {words: ['build-iso', 'a/b'], says: 'a/b cannot be part of a file name'},
    {
      words: ['run', 'vm-1', '--file', 'broken.json'],
      says: 'broken.json:1:17: error: a comma that has no value before or behind it',
    },
  ])('$words is an error with exit code 2, with and without --json', async ({words, says}) => {
    const host = await Host.with({name: 'vm-1'}, {name: 'other'}, {name: 'a/b'})
    await host.write('broken.json', '[{"name": "vm-1",\n}]')
    const plain = await host.vmrun(...words)
    expect(plain.stderr).toContain(says)
    expect(plain.stderr).not.toMatch(/^\s+at /mu)
    expect(plain.stdout).toBe('')
    expect(plain.exitCode).toBe(2)
    const json = await host.vmrun(...words, '--json')
    expect(JSON.parse(json.stdout).error.message).toContain(says)
    expect(json.stderr).toBe('')
    expect(json.exitCode).toBe(2)
  })

  test('a mistyped name or command brings the nearest one', async () => {
    const host = await Host.with({name: 'ubuntu-22'}, {name: 'windows'})
    expect((await host.vmrun('run', 'ubuntu22')).stderr).toContain('Did you mean ubuntu-22?')
    expect((await host.vmrun('validte')).stderr).toContain('Did you mean validate?')
  })
})

describe('the documented example, which has one instance twice', () => {
  async function exampleHost(): Promise<Host> {
    const host = await Host.with()
    await copyFile(example, host.path('instances.json'))
    await copyFile(await guestImage('nano'), host.path('ubuntu-amd64.qcow2'))
    host.environment['RUNNER_TOKEN'] = 'sesame'
    return host
  }

  test('validates with a warning', async () => {
    const {stdout, exitCode} = await (await exampleHost()).vmrun('validate')
    expect(stdout).toMatch(/^instances\.json:\d+:\d+: warning: .*vm-1/mu)
    expect(stdout).toContain('1 file: 0 errors, 1 warning')
    expect(exitCode).toBe(0)
  })

  test.each(['list --json', 'build-iso vm-1', 'run vm-1 --dry-run --json', 'doctor'])(
    'brings the warning on stderr with vmrun %s',
    async words => {
      const {stdout, stderr, exitCode} = await (await exampleHost()).vmrun(...words.split(' '))
      expect(stderr).toMatch(/^instances\.json:\d+:\d+: warning: .*vm-1/mu)
      expect(stdout).not.toContain('warning')
      expect(exitCode).toBe(0)
    },
  )

  test('runs', async () => {
    const host = await exampleHost()
    const {stdout, stderr, exitCode} = await host.vmrun('run', 'vm-1', '--console', 'stdout')
    expect(stdout).toContain('"token":"sesame"')
    expect(stderr).toContain('vm-1: Overlay: 80 GiB on ubuntu-amd64.qcow2')
    expect(exitCode).toBe(0)
    await host.expectNothingLeft()
  })
})

test.each(['run vm-1', 'list'])('%s refuses a file with two instances of one name', async words => {
  const host = await Host.with({name: 'vm-1'}, {name: 'vm-1', 'cpu-cores': 2})
  const {stderr, exitCode} = await host.vmrun(...words.split(' '))
  expect(stderr).toMatch(/instances\.json:1:\d+: error: .*vm-1/u)
  expect(exitCode).toBe(2)
})

describe('list', () => {
  test('shows a table, with the size of each image or that it is missing', async () => {
    const host = await Host.with(
      {name: 'vm-1', 'timeout-seconds': 14_400, 'cpu-cores': 4, config: {token: 'hidden'}},
      {name: 'other', arch: 'aarch64', image: 'missing.qcow2', ram: '2G'},
      {name: 'wrong', image: 'instances.json'},
    )
    const {stdout, exitCode} = await host.vmrun('list')
    const [header, ...rows] = stdout.trimEnd().split('\n')
    expect(header).toMatch(/^NAME +ARCH +IMAGE +TIMEOUT +CORES +RAM$/u)
    expect(rows[0]).toMatch(/^vm-1 +x86_64 +nano-\w+\.qcow2 \(64 MiB\) +4h +4 +256M$/u)
    expect(rows[1]).toMatch(/^other +aarch64 +missing\.qcow2 \(missing\) +2m 30s +1 +2G$/u)
    expect(rows[2]).toContain(' instances.json (unusable) ')
    expect(stdout).not.toContain('hidden')
    expect(exitCode).toBe(0)
  })

  test('--json gives the same to programs, and no config', async () => {
    const host = await Host.with({name: 'vm-1', config: {token: 'hidden'}})
    const {stdout} = await host.vmrun('list', '--json')
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({
        name: 'vm-1',
        arch: 'x86_64',
        'timeout-seconds': 150,
        'cpu-cores': 1,
        ram: '256M',
        imageState: {state: 'qcow2', virtualSize: 64 * 2 ** 20, fileSize: expect.any(Number)},
      }),
    ])
    expect(stdout).not.toContain('hidden')
  })
})

describe('validate', () => {
  test('lists every problem of every file, and exits with 2', async () => {
    const host = await Host.with({name: 'vm-1', image: 'missing.qcow2', arch: 'x86-64'})
    await host.write(
      'second.json',
      '[\n  {"name": "vm-1", "image": "instances.json", "timeout-seconds": 0, "config": {}}\n]',
    )
    const {stdout, exitCode} = await host.vmrun('validate', 'instances.json', 'second.json')
    expect(stdout).toMatch(/^instances\.json:1:\d+: error: .*missing\.qcow2 does not exist/mu)
    expect(stdout).toMatch(/^instances\.json:1:\d+: error: .*"x86-64" is not known.*did you mean x86_64/mu)
    expect(stdout).toMatch(/^second\.json:2:\d+: error: .*timeout-seconds.* must be a whole number/mu)
    // An instance that does not hold is looked at as far as it does.
    expect(stdout).toMatch(/^second\.json:2:\d+: error: .*instances\.json is not qcow2/mu)
    expect(stdout).toContain('2 files: 4 errors, 0 warnings')
    expect(exitCode).toBe(2)
  })

  test('exits with 1 when a file cannot be read, as nobody knows then, and checks the others all the same', async () => {
    const host = await Host.with({name: 'vm-1', image: 'missing.qcow2'})
    const {stdout, exitCode} = await host.vmrun('validate', 'gone.json', 'instances.json')
    expect(stdout).toMatch(
      /^gone\.json: error: the instances file does not exist .*\[vmrun\/unreadable-file\]$/mu,
    )
    expect(stdout).toContain('2 files: 2 errors, 0 warnings')
    expect(exitCode).toBe(1)
  })

  test('--no-host-checks finds all but what this host would have to have', async () => {
    const host = await Host.with({name: 'vm-1', image: 'missing.qcow2', 'root-disk': '1K'})
    expect(await host.vmrun('validate', '--no-host-checks')).toMatchObject({
      stdout: '1 file: 0 errors, 0 warnings\n',
      exitCode: 0,
    })
  })

  test('--strict takes warnings for errors', async () => {
    const host = await Host.with({name: 'vm-1', 'ssh-port': 22}, {name: 'vm-2', 'ssh-port': 22})
    const {stdout, exitCode} = await host.vmrun('validate')
    expect([stdout, exitCode]).toEqual([expect.stringMatching(/^instances\.json:1:\d+: warning: /u), 0])
    const strict = await host.vmrun('validate', '--strict')
    expect([strict.stdout, strict.exitCode]).toEqual([
      stdout.replace('warning', 'error').replace('0 errors, 1 warning', '1 error, 0 warnings'),
      2,
    ])
  })

  test('--json and --format are one too many', async () => {
    const host = await Host.with({name: 'vm-1'})
    const {stdout, exitCode} = await host.vmrun('validate', '--json', '--format', 'plain')
    expect(JSON.parse(stdout).error.message).toContain('--format')
    expect(exitCode).toBe(2)
  })

  test('--json gives each problem with its place, and the same exit code', async () => {
    const host = await Host.with({name: 'vm-1', image: 'instances.json'})
    const {stdout, exitCode} = await host.vmrun('validate', '--json')
    expect(JSON.parse(stdout).problems).toEqual([
      expect.objectContaining({
        file: 'instances.json',
        line: 1,
        severity: 'error',
        instance: 'vm-1',
        key: 'image',
      }),
    ])
    expect(exitCode).toBe(2)
  })
})

describe('build-iso', () => {
  test('writes the config disk that other people’s programs can read, and says where, how large and its sha256', async () => {
    const host = await Host.with({name: 'vm-1', config: {word: 'sesame'}})
    const {stdout, exitCode} = await host.vmrun('build-iso', 'vm-1')
    const bytes = await readFile(host.path('vm-1.iso'))
    const sha256 = sha256Of(bytes)
    expect(stdout).toBe(`${host.path('vm-1.iso')}\n${bytes.length} bytes\nsha256 ${sha256}\n`)
    expect(exitCode).toBe(0)
    expect(await host.mode('vm-1.iso')).toBe('600')
    const read = await run('isoinfo', ['-i', host.path('vm-1.iso'), '-R', '-x', '/instance.json'])
    expect(read.stdout).toBe('{"name":"vm-1","config":{"word":"sesame"}}\n')
  })

  test('gives the same bytes each time, on standard output too, and other dates by SOURCE_DATE_EPOCH', async () => {
    const host = await Host.with({name: 'vm-1'})
    const sha256 = async (): Promise<string> =>
      JSON.parse((await host.vmrun('build-iso', 'vm-1', '--json', '--force')).stdout).sha256
    const first = await sha256()
    expect(await sha256()).toBe(first)
    await host.startInShell('"$@" >stdout.iso', 'build-iso', 'vm-1', '--output', '-').ended
    expect(await readFile(host.path('stdout.iso'))).toEqual(await readFile(host.path('vm-1.iso')))
    host.environment['SOURCE_DATE_EPOCH'] = '1700000000'
    expect(await sha256()).not.toBe(first)
  })

  test('overwrites nothing without --force', async () => {
    const host = await Host.with({name: 'vm-1'})
    await host.write('vm-1.iso', 'precious')
    const refused = await host.vmrun('build-iso', 'vm-1')
    expect(refused.stderr).toContain('vm-1.iso exists already')
    expect(refused.exitCode).toBe(2)
    expect(await host.read('vm-1.iso')).toBe('precious')
    expect((await host.vmrun('build-iso', 'vm-1', '--force')).exitCode).toBe(0)
    expect(await host.read('vm-1.iso')).not.toBe('precious')
  })

  test.each([
    ['nobody reads on', '{ "$@"; echo "exit code $?" >&2; } | true', 'exit code 0\n'],
    [
      'the disk is full',
      '"$@" >/dev/full; echo "exit code $?" >&2',
      'Error: cannot write to standard output: no space is left\nexit code 1\n',
    ],
  ])('tells of no mistake of its own when %s', async (_, script, stderr) => {
    const host = await Host.with({name: 'vm-1'})
    expect(await host.startInShell(script, 'build-iso', 'vm-1', '--output', '-').ended).toMatchObject({
      stderr,
    })
  })

  test('cannot give both JSON and an image on standard output', async () => {
    const host = await Host.with({name: 'vm-1'})
    expect((await host.vmrun('build-iso', 'vm-1', '--json', '--output', '-')).exitCode).toBe(2)
  })
})
