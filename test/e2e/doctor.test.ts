import {spawnSync} from 'node:child_process'
import {chown, copyFile, readdir, rm} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {found, lineOf, reportOf} from './doctor-report.js'
import {Host} from './host.js'
import {asNobody} from './wrappers.js'

const asRoot = process.getuid?.() === 0

test('the page tells of the host and of each instance, and nothing is left', async () => {
  const host = await Host.with({name: 'vm-1'})
  const ending = await host.vmrun('doctor')
  const {exitCode, stdout, stderr} = ending
  expect(stderr).toBe('')
  expect(lineOf(ending, 'qemu x86_64')).toEqual([
    'good',
    expect.stringMatching(/^\/.*\/qemu-system-x86_64, version \d+/u),
  ])
  expect(lineOf(ending, 'sandbox x86_64')[0]).toBe('good')
  expect(lineOf(ending, 'end-of-vmrun')).toEqual(['good', expect.stringContaining('setpriv --pdeathsig')])
  expect(lineOf(ending, 'work-directory')[1]).toContain(host.path('work'))
  expect(lineOf(ending, 'vm-1')).toEqual(['good', 'could run, emulated by TCG'])
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

test('on a terminal it is the same page, no wider than that', async () => {
  const host = await Host.with({name: 'vm-1'}, {name: 'vm-2', image: 'word '.repeat(40)})
  const {stdout} = await host.startOnTerminal('doctor').ended
  const lines = stdout.replaceAll('\r', '').split('\n')
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}vm-1 +good +could run, emulated by TCG$/u))
  const widest = Math.max(...lines.filter(line => line.includes('word')).map(line => line.length))
  expect(widest).toBeGreaterThan(95)
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(100)
  expect(stdout).not.toContain('\u001b[')
})

test('--json is an object of findings and instances', async () => {
  const host = await Host.with({name: 'vm-1', ram: '64M'}, {name: 'vm-2', image: 'gone.qcow2', ram: '32M'})
  const ending = await host.vmrun('doctor', '--json')
  const {findings, instances, file} = reportOf(ending)
  expect(file).toBe('instances.json')
  for (const finding of findings) {
    expect(finding).toMatchObject({
      check: expect.any(String),
      subject: expect.any(String),
      message: expect.any(String),
    })
    expect(['good', 'poor', 'missing']).toContain(finding['state'])
  }

  expect(instances).toMatchObject([
    {name: 'vm-1', state: 'good', problems: []},
    {name: 'vm-2', state: 'missing', problems: [{message: expect.stringContaining('gone.qcow2')}]},
  ])
  const path = expect.stringMatching(/^\/.*\/qemu-system-x86_64$/u)
  const space = {fileSystem: expect.any(String), freeBytes: expect.any(Number)}
  expect(found(ending, 'qemu')[0]).toMatchObject({path, version: expect.stringMatching(/^\d+\.\d+/u)})
  expect(found(ending, 'end-of-vmrun')).toMatchObject([{by: 'setpriv'}])
  expect(found(ending, 'work-directory')).toMatchObject([
    {subject: host.path('work'), ...space, unnamedFiles: expect.any(Boolean)},
  ])
  expect(found(ending, 'state-directory')).toMatchObject([
    {subject: host.path('state'), ...space, exists: false},
  ])
  expect(found(ending, 'memory')).toMatchObject([{wantedBytes: 64 * 2 ** 20}])
  expect(ending.exitCode).toBe(1)
})

test('without an instances file only the host is looked at, and that is said', async () => {
  const host = await Host.with()
  await rm(host.path('instances.json'))
  const {exitCode, stdout} = await host.vmrun('doctor')
  expect(stdout.trimEnd()).toMatch(/\n\nThere is no instances\.json here, so no instance was looked at\.$/u)
  expect(exitCode).toBe(0)
})

test.each([
  ['a named instances file that does not hold', 'other.json', ['--file', 'other.json']],
  ['a user whom there is not', 'no-such-user', ['--user', 'no-such-user']],
])('%s is an error', async (_, says, flags) => {
  const host = await Host.with({name: 'vm-1'})
  await host.write('other.json', '[{"name": 7}]')
  const {exitCode, stdout, stderr} = await host.vmrun('doctor', ...flags)
  expect(stderr).toContain(asRoot || flags[0] === '--file' ? says : '--user')
  expect(stdout).toBe('')
  expect(exitCode).toBe(2)
})

test('the flags of a run count: --require-kvm and --relax', async () => {
  const host = await Host.with({name: 'vm-1'}, {name: 'vm-2', relax: ['obsolete']})
  const kvm = await host.vmrun('doctor', '--require-kvm')
  expect(lineOf(kvm, 'vm-1')[0]).toBe('missing')
  expect(kvm.stdout).toContain('--require-kvm does not go with "accelerator": "tcg" of vm-1')
  expect(kvm.exitCode).toBe(1)
  const relaxed = await host.vmrun('doctor', '--json', '--relax', 'spawn')
  const messages = reportOf(relaxed).instances.map(({message}) => message)
  expect(messages).toEqual([
    expect.stringMatching(/^could run, .*\(spawn\)$/u),
    expect.stringMatching(/^could run, .*\(obsolete\).*\(spawn\)$/u),
  ])
})

describe.runIf(asRoot)('as root', () => {
  test('who QEMU runs as is told, and root itself is poor', async () => {
    const host = await Host.with({name: 'vm-1'})
    const [other] = found(await host.vmrun('doctor', '--json'), 'user')
    expect(other).toMatchObject({subject: expect.stringMatching(/^(?:vmrun|6\d{4})$/u), state: 'good'})
    expect(found(await host.vmrun('doctor', '--json', '--user', 'root'), 'user')).toMatchObject([
      {subject: 'root', state: 'poor'},
    ])
  })
})

/** Whether an ordinary user gets to where Node and vmrun are here. */
const reachable =
  asRoot &&
  spawnSync(asNobody[0] ?? '', [...asNobody.slice(1), process.execPath, '--check', Host.program]).status === 0

describe.runIf(reachable)('as an ordinary user', () => {
  test('the same is told, of that user, and nothing is left', async () => {
    const host = await Host.with({name: 'vm-1', image: 'image.qcow2'})
    await copyFile(await guestImage('nano'), host.path('image.qcow2'))
    for (const name of ['.', 'work', 'tmp', 'image.qcow2']) {
      await chown(host.path(name), 65_534, 65_534)
    }

    const ending = await host.startUnder(asNobody, 'doctor').ended
    expect(lineOf(ending, 'user')).toEqual(['good', 'QEMU runs as nobody, like vmrun'])
    expect(lineOf(ending, 'sandbox x86_64')[0]).toBe('good')
    expect(lineOf(ending, 'state-directory')).toEqual([
      'good',
      expect.stringContaining('the first run makes it'),
    ])
    expect(lineOf(ending, 'vm-1')[0]).toBe('good')
    expect(ending.exitCode).toBe(0)
    await host.expectNothingLeft()
  })

  test('directories that are not that user’s keep instances from running', async () => {
    const host = await Host.with({name: 'vm-1'})
    const ending = await host.startUnder(asNobody, 'doctor').ended
    expect(lineOf(ending, 'work-directory')).toEqual([
      'missing',
      expect.stringContaining('no file can be made'),
    ])
    expect(lineOf(ending, 'state-directory')[0]).toBe('missing')
    expect(lineOf(ending, 'vm-1')).toEqual(['missing', 'could not run'])
    expect(ending.exitCode).toBe(1)
  })
})
