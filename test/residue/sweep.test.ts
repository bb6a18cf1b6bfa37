import {chown, mkdir, readdir, readFile, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {identityOf, isAlive, ownIdentity, type ProcessIdentity} from '../../src/residue/process-identity.js'
import {endProcess, type SweepReport, sweep} from '../../src/residue/sweep.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {dead, type RealProcess, running, zombie} from './processes.js'
import {elsewhere, runId, type WrittenRecord, writeRecord} from './written-record.js'

const nothing = {removed: [], leftAlone: [], failed: []}

/** A process of now, as another one that had its pid before. */
function before({pid, start}: ProcessIdentity): ProcessIdentity {
  return {pid, start: String(Number(start) - 1)}
}

/** A state directory that holds one record, which names a QEMU that runs. */
async function recorded({owner, content, ...further}: Partial<WrittenRecord> = {}): Promise<{
  readonly directory: string
  readonly file: string
  readonly owner: ProcessIdentity
  readonly qemu: RealProcess
}> {
  const directory = await temporaryDirectory()
  const [found, qemu] = [owner ?? (await dead()), await running()]
  const {pid, start} = qemu
  const file = await writeRecord(directory, {
    owner: found,
    content: {qemu: {pid, start}, ...content},
    ...further,
  })
  return {directory, file, owner: found, qemu}
}

/** Expects that a sweep removes one thing, of the run of the record, and that nothing is left then. */
async function expectRemoved(directory: string, removed: object): Promise<void> {
  expect(await sweep(directory)).toEqual({...nothing, removed: [{run: runId, ...removed}]})
  expect(await readdir(directory)).toEqual([])
}

test('where there is nothing, and where there is no directory, nothing is swept', async () => {
  const directory = await temporaryDirectory()
  expect(await sweep(directory)).toEqual(nothing)
  expect(await sweep(path.join(directory, 'gone'))).toEqual(nothing)
  expect(await readdir(directory)).toEqual([])
  await expect(sweep(import.meta.filename)).rejects.toThrow('ENOTDIR')
})

test('the QEMU of a dead vmrun is killed, and its record removed', async () => {
  const {directory, file, owner, qemu} = await recorded()
  const text = `QEMU of vm-1 (process ${qemu.pid}) and its record: its vmrun (process ${owner.pid}) is gone`
  await expectRemoved(directory, {file, instance: 'vm-1', killed: qemu.pid, text})
  expect(await qemu.ended).toBe('SIGKILL')
})

test('what such a QEMU started goes with it', async () => {
  const pids = path.join(await temporaryDirectory(), 'pid')
  const {pid, start} = await running('sh', ['-c', `sleep 1000 & echo $! >'${pids}'; wait`])
  await expect.poll(() => readFile(pids, 'utf8').catch(() => '')).toMatch(/\d\n/u)
  const child = identityOf(Number(await readFile(pids, 'utf8')))
  const {directory} = await recorded({content: {qemu: {pid, start}}})
  await sweep(directory)
  await expect.poll(() => child && isAlive(child)).toBe(false)
})

const itsVmrunIsGone = expect.stringMatching(/^the record of vm-1: its vmrun \(process \d+\) is gone$/u)

test.each<[string, () => Promise<ProcessIdentity>]>([
  ['that ended with it', dead],
  ['that nobody has waited for', zombie],
  ['whose pid another process has got', async () => before(await running())],
])('of a QEMU %s only the record is removed', async (_, make) => {
  const qemu = await make()
  const {directory, file} = await recorded({content: {qemu}})
  const wasThere = identityOf(qemu.pid)
  await expectRemoved(directory, {file, instance: 'vm-1', text: itsVmrunIsGone})
  expect(identityOf(qemu.pid)).toEqual(wasThere)
})

test.each<[string, () => Promise<ProcessIdentity>]>([
  ['has ended and nobody has waited for it', zombie],
  ['is gone, and another process has got its pid', async () => before(ownIdentity())],
])('a vmrun is dead when it %s', async (_, owner) => {
  const {directory} = await recorded({owner: await owner(), content: {qemu: null}})
  expect((await sweep(directory)).removed).toEqual([expect.objectContaining({text: itsVmrunIsGone})])
  expect(await readdir(directory)).toEqual([])
})

test('on another boot of the host nothing of the run can be alive: its record goes, and no process', async () => {
  const whereabouts = {boot: elsewhere, namespace: elsewhere}
  const {directory, file, qemu} = await recorded({owner: await running(), whereabouts})
  const text = 'the record of vm-1: the host was booted since'
  await expectRemoved(directory, {file, instance: 'vm-1', text})
  expect(isAlive(qemu)).toBe(true)
})

test.each<[string, () => Promise<Partial<WrittenRecord>>, RegExp]>([
  ['a vmrun that is alive', async () => ({owner: await running()}), /^vm-1: its vmrun .* is alive$/u],
  [
    'a vmrun that is alive, half-written',
    async () => ({owner: await running(), kind: 'draft'}),
    /^vm-1: its vmrun .* is alive$/u,
  ],
  [
    'a vmrun that is alive, when it cannot be read',
    async () => ({owner: await running(), text: ''}),
    new RegExp(`^run ${runId}: its vmrun .* is alive$`, 'u'),
  ],
  [
    'another pid namespace',
    async () => ({whereabouts: {namespace: elsewhere}}),
    /^vm-1: its processes cannot be seen from here, as in another container$/u,
  ],
])('a record of %s is left alone, and all that is in it', async (_, record, text) => {
  const draft = path.join(await temporaryDirectory(), `.vmrun-${runId}`)
  await writeFile(draft, '')
  const {directory, file, qemu} = await recorded({...(await record()), content: {draft}})
  expect(await sweep(directory)).toMatchObject({
    ...nothing,
    leftAlone: [{file, text: expect.stringMatching(text)}],
  })
  expect(isAlive(qemu)).toBe(true)
  expect(await readdir(directory)).toEqual([file])
  expect(await readdir(path.dirname(draft))).toHaveLength(1)
})

test.each<[string, Partial<WrittenRecord>, string]>([
  ['that cannot be read', {text: '{"run":'}, `the record of run ${runId}, which could not be read, `],
  ['that is another one’s under a false name', {content: {owner: ownIdentity()}}, 'could not be read'],
  ['that is half-written', {kind: 'draft', text: '{"run"'}, `the record of run ${runId}, which could not`],
  ['that is not written at all', {kind: 'draft', text: ''}, `the record of run ${runId}, which could not`],
])('a record of a dead vmrun %s goes, kills nothing, and that is told', async (_, record, text) => {
  const {directory, file, qemu} = await recorded(record)
  await expectRemoved(directory, {file, text: expect.stringContaining(text)})
  expect(isAlive(qemu)).toBe(true)
})

test('a QEMU that only the draft knows of is killed', async () => {
  const {directory, owner, qemu} = await recorded({kind: 'draft'})
  await writeRecord(directory, {owner})
  await sweep(directory)
  expect(await qemu.ended).toBe('SIGKILL')
  expect(await readdir(directory)).toEqual([])
})

test('the one file outside that may have had a name goes with the record, and nothing else', async () => {
  const work = await temporaryDirectory()
  const [draft, other] = [path.join(work, `.vmrun-${runId}`), path.join(work, '.vmrun-ba9876543210')]
  await Promise.all([draft, other].map(file => writeFile(file, '')))
  await sweep((await recorded({content: {draft}})).directory)
  expect(await readdir(work)).toEqual([path.basename(other)])
})

test('files that are no records are left alone, whatever they are', async () => {
  const directory = await temporaryDirectory()
  const {file} = await recorded()
  await writeFile(path.join(directory, 'notes.txt'), 'mine')
  await writeFile(path.join(directory, '.hidden.draft'), 'mine')
  await mkdir(path.join(directory, file))
  await symlink('notes.txt', path.join(directory, file.replace(/json$/u, 'draft')))
  const names = (await readdir(directory)).sort()
  expect(await sweep(directory)).toEqual({
    ...nothing,
    leftAlone: names.map(name => ({file: name, text: 'it is no run record'})),
  })
  expect((await readdir(directory)).sort()).toEqual(names)
})

test.runIf(process.getuid?.() === 0)('a record of another user is left alone', async () => {
  const {directory, file, qemu} = await recorded()
  await chown(path.join(directory, file), 65_534, 65_534)
  const text = expect.stringMatching(/ belongs to another user \(65534\)$/u)
  expect(await sweep(directory)).toEqual({...nothing, leftAlone: [{file, text}]})
  expect(isAlive(qemu)).toBe(true)
})

test('of several sweeps at once each thing is told of by one that removed it, and nothing fails', async () => {
  const {directory, owner, qemu} = await recorded()
  const {pid, start} = await running()
  await writeRecord(directory, {owner, content: {run: '000000000002', qemu: {pid, start}}})
  const reports = await Promise.all([1, 2, 3, 4].map(() => sweep(directory)))
  const all = (outcome: keyof SweepReport): readonly unknown[] =>
    reports.flatMap(report => report[outcome].map(({run}) => run))
  expect([all('leftAlone'), all('failed')]).toEqual([[], []])
  expect(new Set(all('removed'))).toEqual(new Set([runId, '000000000002']))
  expect(await qemu.ended).toBe('SIGKILL')
  expect(await readdir(directory)).toEqual([])
})

test('one that is stopped is killed as well', async () => {
  const one = await running()
  process.kill(one.pid, 'SIGSTOP')
  expect(await endProcess(one)).toBe('killed')
  expect(await one.ended).toBe('SIGKILL')
})

test('what was gone before is not said to have been killed, and whoever has its pid is not touched', async () => {
  expect(await endProcess(await dead())).toBe('was-gone')
  const {pid, start} = await running()
  expect(await endProcess({pid, start: String(Number(start) - 1)})).toBe('was-gone')
  expect(isAlive({pid, start})).toBe(true)
})

test.each([0, -1, 1, process.pid])('%d is never killed: many go by it, or all need it', async pid => {
  const {start} = pid === process.pid ? ownIdentity() : {start: '', ...identityOf(pid)}
  expect(await endProcess({pid, start})).toBe('still-there')
})
