import {chmod, mkdir, readdir, writeFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {isAlive, type ProcessIdentity} from '../../src/residue/process-identity.js'
import {dead, running} from '../residue/processes.js'
import {runId, writeRecord} from '../residue/written-record.js'
import {Host} from './host.js'

/** A host that has a state directory already. */
async function hostWithState(): Promise<Host> {
  const host = await Host.with()
  await mkdir(host.path('state'), {mode: 0o700})
  return host
}

/** The same with a record of a QEMU that runs. */
async function hostWithRecord(owner: ProcessIdentity) {
  const host = await hostWithState()
  const qemu = await running()
  const {pid, start} = qemu
  const file = await writeRecord(host.path('state'), {owner, content: {qemu: {pid, start}}})
  return {host, file, owner, qemu}
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
  const {host, owner, qemu} = await hostWithRecord(await dead())
  const {stdout, exitCode} = await host.vmrun('prune')
  expect(stdout).toBe(
    `Removed QEMU of vm-1 (process ${qemu.pid}) and its record: its vmrun (process ${owner.pid}) is gone\n`,
  )
  expect(exitCode).toBe(0)
  expect(await qemu.ended).toBe('SIGKILL')
  await host.expectNothingLeft()
})

test('what is not its to remove is left alone, and it says why', async () => {
  const {host, file, owner, qemu} = await hostWithRecord(await running())
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
  const {host, file, qemu} = await hostWithRecord(await dead())
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
  const {host, qemu} = await hostWithRecord(await dead())
  const endings = await Promise.all([1, 2, 3].map(() => host.vmrun('prune')))
  expect(endings.map(({exitCode, stderr}) => [exitCode, stderr])).toEqual([1, 2, 3].map(() => [0, '']))
  expect(endings.map(({stdout}) => stdout).join('')).toContain(`process ${qemu.pid}`)
  expect(await qemu.ended).toBe('SIGKILL')
  await host.expectNothingLeft()
})

test('a state directory that cannot be trusted is an error that says what to do', async () => {
  const host = await hostWithState()
  await chmod(host.path('state'), 0o777)
  const {stdout, exitCode} = await host.vmrun('prune', '--json')
  expect(JSON.parse(stdout)).toEqual({
    error: {
      message: expect.stringContaining(`${host.path('state')} can be written to by other users`),
      hint: expect.stringContaining('chmod go-w'),
    },
  })
  expect(exitCode).toBe(2)
})
