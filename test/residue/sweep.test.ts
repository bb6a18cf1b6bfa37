import {chown, mkdir, readdir, readFile, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {identityOf, isAlive, ownIdentity, type ProcessIdentity} from '../../src/residue/process-identity.js'
import {type SweptFile, sweep} from '../../src/residue/sweep.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {dead, type RealProcess, running, zombie} from './processes.js'
import {elsewhere, runId, writeRecord} from './written-record.js'

const nothing = {removed: [], leftAlone: [], failed: []}

function finding(file: string, further: Partial<Record<keyof SweptFile, unknown>>): object {
  return {file, run: runId, ...further}
}

/** A QEMU's stand-in, and the same as it is in a record. */
async function qemu(): Promise<{readonly process: RealProcess; readonly identity: ProcessIdentity}> {
  const process = await running()
  return {process, identity: {pid: process.pid, start: process.start}}
}

test('where there is nothing, and where there is no directory, nothing is swept', async () => {
  const directory = await temporaryDirectory()
  expect(await sweep(directory)).toEqual(nothing)
  expect(await sweep(path.join(directory, 'gone'))).toEqual(nothing)
  expect(await readdir(directory)).toEqual([])
})

test('what is no directory cannot be swept', async () => {
  await expect(sweep(import.meta.filename)).rejects.toThrow('ENOTDIR')
})

test('the QEMU of a dead vmrun is killed, and its record removed', async () => {
  const directory = await temporaryDirectory()
  const {process, identity} = await qemu()
  const owner = await dead()
  const file = await writeRecord(directory, {owner, content: {qemu: identity}})
  expect(await sweep(directory)).toEqual({
    ...nothing,
    removed: [
      finding(file, {
        instance: 'vm-1',
        killed: process.pid,
        text: `QEMU of vm-1 (process ${process.pid}) and its record: its vmrun (process ${owner.pid}) is gone`,
      }),
    ],
  })
  expect(await process.ended).toBe('SIGKILL')
  expect(await readdir(directory)).toEqual([])
})

test('what such a QEMU started goes with it', async () => {
  const directory = await temporaryDirectory()
  const pids = path.join(await temporaryDirectory(), 'pid')
  const wrapper = await running('sh', ['-c', `sleep 1000 & echo $! >'${pids}'; wait`])
  await expect.poll(() => readFile(pids, 'utf8').catch(() => '')).toMatch(/\d\n/u)
  const child = identityOf(Number(await readFile(pids, 'utf8')))
  await writeRecord(directory, {
    owner: await dead(),
    content: {qemu: {pid: wrapper.pid, start: wrapper.start}},
  })
  await sweep(directory)
  await expect.poll(() => child && isAlive(child)).toBe(false)
})

test.each([
  ['that ended with it', dead],
  ['that nobody has waited for', zombie],
])('of a QEMU %s only the record is removed', async (_, make) => {
  const directory = await temporaryDirectory()
  const file = await writeRecord(directory, {owner: await dead(), content: {qemu: await make()}})
  expect(await sweep(directory)).toEqual({
    ...nothing,
    removed: [
      finding(file, {instance: 'vm-1', text: expect.stringMatching(/^the record of vm-1: .* is gone$/u)}),
    ],
  })
  expect(await readdir(directory)).toEqual([])
})

test('a process that has got the pid of a QEMU is not touched', async () => {
  const directory = await temporaryDirectory()
  const {process, identity} = await qemu()
  const before = {...identity, start: String(Number(identity.start) - 1)}
  const file = await writeRecord(directory, {owner: await dead(), content: {qemu: before}})
  expect(await sweep(directory)).toEqual({
    ...nothing,
    removed: [finding(file, {instance: 'vm-1', text: expect.anything()})],
  })
  expect(isAlive(process)).toBe(true)
})

test.each([
  ['is gone', dead],
  ['has ended and nobody has waited for it', zombie],
  [
    'is gone, and another process has got its pid',
    async () => ({...ownIdentity(), start: String(Number(ownIdentity().start) - 1)}),
  ],
])('a vmrun is dead when it %s', async (_, owner) => {
  const directory = await temporaryDirectory()
  const file = await writeRecord(directory, {owner: await owner()})
  expect((await sweep(directory)).removed).toEqual([
    finding(file, {instance: 'vm-1', text: expect.anything()}),
  ])
  expect(await readdir(directory)).toEqual([])
})

test.each(['json', 'draft'] as const)('nothing of a vmrun that is alive is touched: .%s', async kind => {
  const directory = await temporaryDirectory()
  const owner = await running()
  const {process, identity} = await qemu()
  const draft = path.join(directory, `.vmrun-${runId}`)
  await writeFile(draft, '')
  const file = await writeRecord(directory, {owner, kind, content: {qemu: identity, draft}})
  const {removed, leftAlone, failed} = await sweep(directory)
  expect([removed, failed]).toEqual([[], []])
  expect(leftAlone).toContainEqual(
    finding(file, {instance: 'vm-1', text: `vm-1: its vmrun (process ${owner.pid}) is alive`}),
  )
  expect(isAlive(process)).toBe(true)
  expect(new Set(await readdir(directory))).toEqual(new Set([file, path.basename(draft)]))
})

test('on another boot of the host nothing of the run can be alive: its record goes, and no process', async () => {
  const directory = await temporaryDirectory()
  const owner = await running()
  const {process, identity} = await qemu()
  const file = await writeRecord(directory, {
    owner,
    whereabouts: {boot: elsewhere, namespace: elsewhere},
    content: {qemu: identity},
  })
  expect(await sweep(directory)).toEqual({
    ...nothing,
    removed: [finding(file, {instance: 'vm-1', text: 'the record of vm-1: the host was booted since'})],
  })
  expect(isAlive(process)).toBe(true)
  expect(await readdir(directory)).toEqual([])
})

test('what was written in another pid namespace cannot be judged, and is left alone', async () => {
  const directory = await temporaryDirectory()
  const {process, identity} = await qemu()
  const file = await writeRecord(directory, {
    owner: await dead(),
    whereabouts: {namespace: elsewhere},
    content: {qemu: identity},
  })
  expect(await sweep(directory)).toMatchObject({
    ...nothing,
    leftAlone: [{file, text: 'vm-1: its processes cannot be seen from here, as in another container'}],
  })
  expect(isAlive(process)).toBe(true)
  expect(await readdir(directory)).toEqual([file])
})

test('a record that cannot be read goes when its owner is dead, and that is told', async () => {
  const directory = await temporaryDirectory()
  const file = await writeRecord(directory, {owner: await dead(), text: '{"run":'})
  expect(await sweep(directory)).toEqual({
    ...nothing,
    removed: [finding(file, {text: expect.stringContaining('which could not be read')})],
  })
  expect(await readdir(directory)).toEqual([])
})

test('a record that cannot be read stays while its owner is alive', async () => {
  const directory = await temporaryDirectory()
  const file = await writeRecord(directory, {owner: await running(), text: ''})
  expect((await sweep(directory)).leftAlone).toEqual([
    finding(file, {text: expect.stringMatching(new RegExp(`^run ${runId}: .* is alive$`, 'u'))}),
  ])
  expect(await readdir(directory)).toEqual([file])
})

test('a record that is another one’s under a false name kills nothing', async () => {
  const directory = await temporaryDirectory()
  const {process, identity} = await qemu()
  await writeRecord(directory, {owner: await dead(), content: {owner: ownIdentity(), qemu: identity}})
  expect((await sweep(directory)).removed).toEqual([
    expect.objectContaining({text: expect.stringContaining('could not be read')}),
  ])
  expect(isAlive(process)).toBe(true)
})

test.each([
  ['half', '{"run"', 'the half-written record of run '],
  ['not at all', '', 'the half-written record of run '],
  ['whole', undefined, 'the record of vm-1: '],
])('a draft that a dead vmrun has written %s goes', async (_, text, told) => {
  const directory = await temporaryDirectory()
  const owner = await dead()
  const file = await writeRecord(directory, {owner, kind: 'draft', ...(text !== undefined && {text})})
  expect((await sweep(directory)).removed).toEqual([
    expect.objectContaining({file, text: expect.stringContaining(told)}),
  ])
  expect(await readdir(directory)).toEqual([])
})

test('a QEMU that only the draft knows of is killed', async () => {
  const directory = await temporaryDirectory()
  const owner = await dead()
  const {process, identity} = await qemu()
  await writeRecord(directory, {owner})
  await writeRecord(directory, {owner, kind: 'draft', content: {qemu: identity}})
  await sweep(directory)
  expect(await process.ended).toBe('SIGKILL')
  expect(await readdir(directory)).toEqual([])
})

test('the one file outside that may have had a name goes with the record, and nothing else', async () => {
  const [directory, work] = [await temporaryDirectory(), await temporaryDirectory()]
  const [draft, other] = [path.join(work, `.vmrun-${runId}`), path.join(work, '.vmrun-ba9876543210')]
  await Promise.all([draft, other].map(file => writeFile(file, '')))
  await writeRecord(directory, {owner: await dead(), content: {draft}})
  await sweep(directory)
  expect(await readdir(work)).toEqual([path.basename(other)])
})

test('files that are no records are left alone, whatever they are', async () => {
  const directory = await temporaryDirectory()
  const owner = await dead()
  const name = await writeRecord(await temporaryDirectory(), {owner})
  await writeFile(path.join(directory, 'notes.txt'), 'mine')
  await writeFile(path.join(directory, '.hidden.draft'), 'mine')
  await mkdir(path.join(directory, name))
  await symlink('notes.txt', path.join(directory, name.replace(/json$/u, 'draft')))
  const before = await readdir(directory)
  expect(await sweep(directory)).toEqual({
    ...nothing,
    leftAlone: before.sort().map(file => ({file, text: 'it is no run record'})),
  })
  expect((await readdir(directory)).sort()).toEqual(before)
})

test.runIf(process.getuid?.() === 0)('a record of another user is left alone', async () => {
  const directory = await temporaryDirectory()
  const {process, identity} = await qemu()
  const file = await writeRecord(directory, {owner: await dead(), content: {qemu: identity}})
  await chown(path.join(directory, file), 65_534, 65_534)
  expect(await sweep(directory)).toEqual({
    ...nothing,
    leftAlone: [{file, text: expect.stringMatching(/ belongs to another user \(65534\)$/u)}],
  })
  expect(isAlive(process)).toBe(true)
})

test('of several sweeps at once each thing is told of by one that removed it, and nothing fails', async () => {
  const directory = await temporaryDirectory()
  const owner = await dead()
  const qemus = await Promise.all([1, 2, 3].map(() => qemu()))
  const runs = ['000000000001', '000000000002', '000000000003']
  await Promise.all(
    qemus.map(({identity}, index) =>
      writeRecord(directory, {owner, content: {run: runs[index] ?? '', qemu: identity}}),
    ),
  )
  const reports = await Promise.all([1, 2, 3, 4].map(() => sweep(directory)))
  expect(reports.flatMap(({failed}) => failed)).toEqual([])
  expect(reports.flatMap(({leftAlone}) => leftAlone)).toEqual([])
  expect(new Set(reports.flatMap(({removed}) => removed.map(({run}) => run)))).toEqual(new Set(runs))
  expect(await Promise.all(qemus.map(({process}) => process.ended))).toEqual([
    'SIGKILL',
    'SIGKILL',
    'SIGKILL',
  ])
  expect(await readdir(directory)).toEqual([])
})
