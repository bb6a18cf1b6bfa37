import {chmod, mkdir, readdir, writeFile} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {isAlive} from '../../src/residue/process-identity.js'
import {dead, running} from '../residue/processes.js'
import {runId, writeRecord} from '../residue/written-record.js'
import {Host} from './host.js'

/** A host that has a state directory already. */
async function hostWithState(): Promise<Host> {
  const host = await Host.with()
  await mkdir(host.path('state'), {mode: 0o700})
  return host
}

test('where nothing is left it says so, and makes nothing', async () => {
  const host = await Host.with()
  const {stdout, stderr, exitCode} = await host.vmrun('prune')
  expect(stdout).toBe(`Nothing to remove in ${host.path('state')}.\n`)
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  expect(await readdir(host.directory)).not.toContain('state')
})

test('what a dead run left is removed, and told', async () => {
  const host = await hostWithState()
  const [owner, qemu] = [await dead(), await running()]
  await writeRecord(host.path('state'), {owner, content: {qemu: {pid: qemu.pid, start: qemu.start}}})
  const {stdout, exitCode} = await host.vmrun('prune')
  expect(stdout).toBe(
    `Removed QEMU of vm-1 (process ${qemu.pid}) and its record: its vmrun (process ${owner.pid}) is gone\n`,
  )
  expect(exitCode).toBe(0)
  expect(await qemu.ended).toBe('SIGKILL')
  await host.expectNothingLeft()
})

test('what is not its to remove is left alone, and it says why', async () => {
  const host = await hostWithState()
  const [owner, qemu] = [await running(), await running()]
  const file = await writeRecord(host.path('state'), {
    owner,
    content: {qemu: {pid: qemu.pid, start: qemu.start}},
  })
  await writeFile(host.path('state', 'notes.txt'), '')
  const {stdout, exitCode} = await host.vmrun('prune')
  expect(stdout).toBe(
    `Nothing to remove in ${host.path('state')}.\n` +
      `Left alone ${file}: vm-1: its vmrun (process ${owner.pid}) is alive\n` +
      'Left alone notes.txt: it is no run record\n',
  )
  expect(exitCode).toBe(0)
  expect(isAlive(qemu)).toBe(true)
})

test('--json gives the same to programs', async () => {
  const host = await hostWithState()
  const [owner, qemu] = [await dead(), await running()]
  const file = await writeRecord(host.path('state'), {
    owner,
    content: {qemu: {pid: qemu.pid, start: qemu.start}},
  })
  await writeFile(host.path('state', 'notes.txt'), '')
  const {stdout, exitCode} = await host.vmrun('prune', '--json')
  expect(JSON.parse(stdout)).toEqual({
    stateDirectory: host.path('state'),
    removed: [{file, run: runId, instance: 'vm-1', killed: qemu.pid, text: expect.stringContaining('vm-1')}],
    leftAlone: [{file: 'notes.txt', text: expect.any(String)}],
    failed: [],
  })
  expect(exitCode).toBe(0)
})

test('what cannot be removed is told, with exit code 1', async () => {
  const host = await hostWithState()
  // No file, as a run would have made.
  await mkdir(host.path(`.vmrun-${runId}`))
  const file = await writeRecord(host.path('state'), {
    owner: await dead(),
    content: {draft: host.path(`.vmrun-${runId}`)},
  })
  const {stdout, exitCode} = await host.vmrun('prune')
  expect(stdout).toMatch(/^Could not remove .+: it cannot be removed: .*directory/mu)
  expect(stdout).toContain(file)
  expect(exitCode).toBe(1)
  const json = await host.vmrun('prune', '--json')
  expect(JSON.parse(json.stdout).failed).toHaveLength(1)
  expect(json.exitCode).toBe(1)
})

test('several at once do no harm', async () => {
  const host = await hostWithState()
  const [owner, qemu] = [await dead(), await running()]
  await writeRecord(host.path('state'), {owner, content: {qemu: {pid: qemu.pid, start: qemu.start}}})
  const endings = await Promise.all([1, 2, 3].map(() => host.vmrun('prune')))
  expect(endings.map(({exitCode, stderr}) => [exitCode, stderr])).toEqual([1, 2, 3].map(() => [0, '']))
  expect(endings.map(({stdout}) => stdout).join('')).toContain(`process ${qemu.pid}`)
  expect(await qemu.ended).toBe('SIGKILL')
  await host.expectNothingLeft()
})

describe('a state directory that cannot be trusted is an error that says what to do', () => {
  test('one that others can write to', async () => {
    const host = await hostWithState()
    await chmod(host.path('state'), 0o777)
    const {stdout, stderr, exitCode} = await host.vmrun('prune')
    expect(stderr).toContain(`${host.path('state')} can be written to by other users`)
    expect(stderr).toContain('chmod go-w')
    expect(stdout).toBe('')
    expect(exitCode).toBe(2)
  })

  test('a file', async () => {
    const host = await Host.with()
    await host.write('state', '')
    const {stdout, exitCode} = await host.vmrun('prune', '--json')
    expect(JSON.parse(stdout)).toEqual({
      error: {
        message: `the state directory ${host.path('state')} is not a directory`,
        hint: expect.stringContaining('VMRUN_STATE_DIR'),
      },
    })
    expect(exitCode).toBe(2)
  })
})
