import {execFileSync, spawnSync} from 'node:child_process'
import {chmod, chown, copyFile, mkdir, readdir, rm, symlink} from 'node:fs/promises'
import {describe, expect, inject, test} from 'vitest'
import {servedPort} from '../ports.js'
import type {Ending} from './command.js'
import {Host} from './host.js'

const asRoot = process.getuid?.() === 0

/** Runs its arguments where mounts are its own; root is not needed. */
const unshare = ['unshare', '--mount', ...(asRoot ? [] : ['--map-root-user']), 'sh', '-c']

/** What the page says of one look or one instance: its state, and its text up to the end of the line. */
function lineOf({stdout}: Ending, label: string): readonly [string | undefined, string | undefined] {
  const pattern = new RegExp(`^  ${label} +(?<state>good|poor|missing) +(?<text>.*)$`, 'mu')
  const {state, text} = pattern.exec(stdout)?.groups ?? {}
  return [state, text]
}

interface Report {
  readonly findings: readonly Readonly<Record<string, string>>[]
  readonly instances: readonly Readonly<Record<string, unknown>>[]
  readonly file: string | null
}

function reportOf({stdout}: Ending): Report {
  return JSON.parse(stdout)
}

/** What was found by one look. */
function found(ending: Ending, check: string): readonly Readonly<Record<string, string>>[] {
  return reportOf(ending).findings.filter(finding => finding['check'] === check)
}

test('the page tells of the host and of each instance, and nothing is left', async () => {
  const host = await Host.with({name: 'vm-1'})
  const ending = await host.vmrun('doctor')
  const {exitCode, stdout, stderr} = ending
  expect(stderr).toBe('')
  expect(lineOf(ending, 'QEMU x86_64')).toEqual([
    'good',
    expect.stringMatching(/^\/.*\/qemu-system-x86_64, version \d+/u),
  ])
  expect(lineOf(ending, 'sandbox x86_64')[0]).toBe('good')
  expect(lineOf(ending, 'end of vmrun')).toEqual(['good', expect.stringContaining('setpriv --pdeathsig')])
  expect(lineOf(ending, 'work directory')[1]).toContain(host.path('work'))
  expect(lineOf(ending, 'vm-1')).toEqual(['good', 'could run, emulated'])
  const titles = stdout.split('\n').filter(line => /^\w/u.test(line))
  expect(titles).toEqual([
    ...['Programs', 'Acceleration', 'Protection', 'Directories', 'Limits'],
    'Instances of instances.json',
  ])
  expect(stdout).not.toContain('\u001b')
  expect(exitCode).toBe(0)
  await host.expectNothingLeft()
  await expect(readdir(host.path('state'))).rejects.toThrow('ENOENT')
})

test('on a terminal it is the same page', async () => {
  const host = await Host.with({name: 'vm-1'})
  const {stdout} = await host.startOnTerminal('doctor').ended
  expect(stdout.replaceAll('\r', '')).toMatch(/^ {2}vm-1 +good +could run, emulated$/mu)
  expect(stdout).not.toContain('\u001b[')
})

test('--json is an object of findings and instances', async () => {
  const host = await Host.with({name: 'vm-1'}, {name: 'vm-2', image: 'gone.qcow2'})
  const ending = await host.vmrun('doctor', '--json')
  const {findings, instances, file} = reportOf(ending)
  expect(file).toBe('instances.json')
  for (const finding of findings) {
    expect(finding).toMatchObject({
      check: expect.any(String),
      subject: expect.any(String),
      text: expect.any(String),
    })
    expect(['good', 'poor', 'missing']).toContain(finding['state'])
  }

  expect(instances).toMatchObject([
    {name: 'vm-1', state: 'good', problems: []},
    {name: 'vm-2', state: 'missing', problems: [{text: expect.stringContaining('gone.qcow2')}]},
  ])
  expect(ending.exitCode).toBe(1)
})

test('how an accelerator was found out about is remembered, with the time that it took', async () => {
  const host = await Host.with({name: 'vm-1', accelerator: 'auto'})
  const asUser = asRoot ? ['--user', 'root'] : []
  const first = found(await host.vmrun('doctor', '--json', ...asUser), 'accelerator')
  const second = found(await host.vmrun('doctor', '--json', ...asUser), 'accelerator')
  const names = await readdir(host.path('cache')).catch(() => [])
  if (names.length > 0) {
    expect(first[0]?.['text']).toMatch(/, found out in \d+ ms$/u)
    expect(second).toEqual(first)
  }

  expect(first).toHaveLength(2)
})

test('without an instances file only the host is looked at, and that is said', async () => {
  const host = await Host.with()
  await rm(host.path('instances.json'))
  const {exitCode, stdout} = await host.vmrun('doctor')
  expect(stdout.trimEnd()).toMatch(/\n\nThere is no instances\.json here, so no instance was looked at\.$/u)
  expect(exitCode).toBe(0)
})

test.each([
  ['is missing', 'gone.json', undefined],
  ['does not hold', 'other.json', '[{"name": 7}]'],
])('a named instances file that %s is an error', async (_, name, content) => {
  const host = await Host.with({name: 'vm-1'})
  if (content !== undefined) {
    await host.write(name, content)
  }

  const {exitCode, stdout, stderr} = await host.vmrun('doctor', '--file', name)
  expect(stderr).toContain(name)
  expect(stdout).toBe('')
  expect(exitCode).toBe(2)
})

test('an instance that could not run is told with every reason, and the exit code says so', async () => {
  const port = await servedPort()
  const host = await Host.with(
    {name: 'vm-1'},
    {name: 'vm-2', image: 'gone.qcow2', 'ssh-port': port},
    {name: 'vm-3', arch: 's390x'},
  )
  const ending = await host.vmrun('doctor')
  expect(lineOf(ending, 'vm-1')[0]).toBe('good')
  expect(lineOf(ending, 'vm-2')).toEqual(['missing', 'could not run'])
  expect(ending.stdout).toContain(`port ${port} of 127.0.0.1 is in use by another program`)
  expect(ending.stdout).toContain('arch "s390x" is not known')
  expect(ending.exitCode).toBe(1)
})

test('a QEMU that is missing harms only the instances that need it', async () => {
  const host = await Host.with({name: 'vm-1', arch: 'x86_64'})
  await mkdir(host.path('bin'))
  for (const name of ['qemu-system-x86_64', 'qemu-img', 'setpriv', 'prlimit']) {
    await symlink(
      execFileSync('sh', ['-c', `command -v ${name}`], {encoding: 'utf8'}).trim(),
      host.path('bin', name),
    )
  }

  host.environment['PATH'] = host.path('bin')
  const ending = await host.vmrun('doctor')
  expect(lineOf(ending, 'QEMU aarch64')).toEqual(['missing', 'qemu-system-aarch64 is not installed'])
  expect(ending.stdout).toContain('apt-get install qemu-system-arm')
  expect(lineOf(ending, 'vm-1')[0]).toBe('good')
  expect(ending.exitCode).toBe(0)
  await rm(host.path('bin', 'qemu-img'))
  const without = await host.vmrun('doctor')
  expect(lineOf(without, 'qemu-img')[0]).toBe('missing')
  expect(lineOf(without, 'vm-1')[0]).toBe('missing')
  expect(without.exitCode).toBe(1)
})

test('a work directory in memory is poor', async () => {
  const host = await Host.with({name: 'vm-1'})
  const mounted = `mount -t tmpfs -o size=2g none '${host.path('work')}' && exec "$@"`
  const ending = await host.startUnder([...unshare, mounted, 'sh'], 'doctor').ended
  expect(lineOf(ending, 'work directory')).toEqual(['poor', expect.stringContaining('tmpfs')])
  expect(ending.stdout).toContain('It is in memory')
  expect(ending.exitCode).toBe(0)
})

test('a work directory that is refused keeps instances from running', async () => {
  const host = await Host.with({name: 'vm-1'})
  await chmod(host.path('work'), 0o777)
  const ending = await host.vmrun('doctor')
  expect(lineOf(ending, 'work directory')).toEqual(['missing', expect.stringContaining('anybody may rename')])
  expect(lineOf(ending, 'vm-1')[0]).toBe('missing')
  expect(ending.exitCode).toBe(1)
})

test('a low limit of open files is poor', async () => {
  const host = await Host.with({name: 'vm-1'})
  const ending = await host.startInShell('ulimit -n 200 && exec "$@"', 'doctor').ended
  expect(lineOf(ending, 'open files')).toEqual(['poor', '200 at most'])
})

test('a QEMU that does not get its filter is found out, and could not run an instance', async () => {
  const host = await Host.with({name: 'vm-1', arch: 'x86_64'})
  await host.putBeforeQemu(
    `case "$*" in *-sandbox*) echo "There is no option group 'sandbox'" >&2; exit 1;; esac`,
  )
  const ending = await host.vmrun('doctor')
  expect(lineOf(ending, 'sandbox x86_64')).toEqual(['missing', expect.stringContaining('no option group')])
  expect(lineOf(ending, 'vm-1')[0]).toBe('missing')
  expect(ending.exitCode).toBe(1)
})

test('its help says what the states and the exit codes mean', async () => {
  const host = await Host.with()
  const {stdout, exitCode} = await host.vmrun('doctor', '--help')
  expect(stdout).toMatch(/good.*poor.*missing/su)
  expect(stdout).toMatch(/Exits with 0/u)
  expect(exitCode).toBe(0)
})

describe.runIf(asRoot)('as root', () => {
  test('who QEMU runs as is told, and root itself is poor', async () => {
    const host = await Host.with({name: 'vm-1'})
    const [other] = found(await host.vmrun('doctor', '--json'), 'user')
    expect(other?.['subject']).toMatch(/^(?:vmrun|nobody)$/u)
    expect(other?.['state']).toBe(other?.['subject'] === 'vmrun' ? 'good' : 'poor')
    expect(found(await host.vmrun('doctor', '--json', '--user', 'root'), 'user')).toMatchObject([
      {subject: 'root', state: 'poor'},
    ])
  })

  test('a user whom there is not is an error', async () => {
    const host = await Host.with({name: 'vm-1'})
    expect((await host.vmrun('doctor', '--user', 'no-such-user')).exitCode).toBe(2)
  })
})

const ordinary = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--']
const reachable =
  asRoot && spawnSync(ordinary[0] ?? '', [...ordinary.slice(1), 'test', '-r', Host.program]).status === 0

describe.runIf(reachable)('as an ordinary user', () => {
  test('the same is told, of that user, and nothing is left', async () => {
    const host = await Host.with({name: 'vm-1', image: 'image.qcow2'})
    await copyFile(inject('guests').nano, host.path('image.qcow2'))
    for (const name of ['.', 'work', 'tmp', 'image.qcow2']) {
      await chown(host.path(name), 65_534, 65_534)
    }

    const ending = await host.startUnder(ordinary, 'doctor').ended
    expect(lineOf(ending, 'user')).toEqual(['good', 'QEMU runs as nobody, like vmrun'])
    expect(lineOf(ending, 'sandbox x86_64')[0]).toBe('good')
    expect(lineOf(ending, 'state directory')).toEqual(['good', expect.stringContaining('to be made')])
    expect(lineOf(ending, 'vm-1')[0]).toBe('good')
    expect(ending.exitCode).toBe(0)
    await host.expectNothingLeft()
  })

  test('directories that are not that user’s keep instances from running', async () => {
    const host = await Host.with({name: 'vm-1'})
    const ending = await host.startUnder(ordinary, 'doctor').ended
    expect(lineOf(ending, 'work directory')).toEqual([
      'missing',
      expect.stringContaining('no file can be made'),
    ])
    expect(lineOf(ending, 'state directory')[0]).toBe('missing')
    expect(lineOf(ending, 'vm-1')).toEqual(['missing', 'could not run'])
    expect(ending.exitCode).toBe(1)
  })
})
