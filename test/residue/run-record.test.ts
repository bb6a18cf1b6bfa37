import {existsSync} from 'node:fs'
import {mkdir, readdir, readFile, stat, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {HostError} from '../../src/errors/errors.js'
import {ownIdentity} from '../../src/residue/process-identity.js'
import {
  ownWhereabouts,
  parseRecord,
  parseRecordName,
  type RecordContent,
  RunRecord,
  recordName,
} from '../../src/residue/run-record.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {runId} from './written-record.js'

const run = {
  id: runId,
  instance: {name: 'vm-1', config: {token: 'sesame'}},
  draft: `/var/tmp/.vmrun-${runId}`,
}
const qemu = {pid: 4242, start: '17'}

async function contentOf({file}: RunRecord): Promise<RecordContent> {
  return JSON.parse(await readFile(file, 'utf8'))
}

test('a record says which run it is, whose, and since when, to its user alone; of the config nothing', async () => {
  const directory = await temporaryDirectory()
  const record = await RunRecord.of(run, directory)
  expect(await readdir(directory)).toEqual([])
  record.write()
  expect(await contentOf(record)).toEqual({
    run: runId,
    instance: 'vm-1',
    owner: ownIdentity(),
    since: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u),
    deadline: null,
    user: null,
    qemu: null,
    draft: run.draft,
  })
  expect((await stat(record.file)).mode & 0o777).toBe(0o600)
  const owner = {run: runId, process: ownIdentity(), whereabouts: await ownWhereabouts()}
  expect(parseRecordName(path.basename(record.file))).toEqual(owner)
  expect(parseRecordName(path.basename(record.draft))).toEqual(owner)
})

test('QEMU and the deadline are added, and everything else stays; it is removed with what is left of writing it', async () => {
  const directory = await temporaryDirectory()
  const record = await RunRecord.of(run, directory)
  record.write()
  const before = await contentOf(record)
  record.write({qemu, deadline: '2026-01-02T00:00:00.000Z'})
  expect(await contentOf(record)).toEqual({...before, qemu, deadline: '2026-01-02T00:00:00.000Z'})
  expect(await readdir(directory)).toEqual([path.basename(record.file)])
  await writeFile(record.draft, '')
  record.remove()
  expect(await readdir(directory)).toEqual([])
  expect(() => record.remove()).not.toThrow()
})

test('whoever reads it meanwhile finds the whole of it, as it was before', async () => {
  const record = await RunRecord.of(run, await temporaryDirectory())
  record.write()
  const before = await contentOf(record)
  // The draft cannot be written: nothing has touched the record then.
  await mkdir(record.draft)
  expect(() => record.write({qemu})).toThrow(HostError)
  expect(await contentOf(record)).toEqual(before)
})

test('where it cannot be written is an error that says where it can be', async () => {
  const directory = path.join(await temporaryDirectory(), 'gone')
  const record = await RunRecord.of(run, directory)
  expect(() => record.write()).toThrow(
    expect.objectContaining({
      name: 'HostError',
      message: expect.stringContaining(`cannot write the run record ${record.file}: ENOENT`),
      hint: expect.stringContaining('VMRUN_STATE_DIR'),
    }),
  )
  expect(existsSync(directory)).toBe(false)
})

const owner = {
  run: runId,
  process: {pid: 7, start: '5'},
  whereabouts: {boot: '89abcdef', namespace: '01234567'},
}
const content: RecordContent = {
  run: runId,
  instance: 'vm-1',
  owner: owner.process,
  since: '2026-01-01T00:00:00.000Z',
  deadline: null,
  user: null,
  qemu,
  draft: run.draft,
}

test('what was written is read again', () => {
  expect(parseRecord(JSON.stringify(content), owner)).toEqual(content)
  expect(parseRecord(JSON.stringify({...content, qemu: null}), owner)).toEqual({...content, qemu: null})
})

test('a vmrun that is the first process of a container is an owner like another', () => {
  const first = {...owner, process: {pid: 1, start: '5'}}
  const written = {...content, owner: first.process}
  expect(parseRecord(JSON.stringify(written), first)).toEqual(written)
})

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['no object', []],
  ['another run', {...content, run: 'ba9876543210'}],
  ['another owner', {...content, owner: {pid: 8, start: '5'}}],
  ['another start of its owner', {...content, owner: {pid: 7, start: '6'}}],
  ['no owner', {...content, owner: undefined}],
  ['no instance', {...content, instance: 7}],
  ['no start', {...content, since: null}],
  ['a number for a deadline', {...content, deadline: 7}],
  ['a QEMU without a start time', {...content, qemu: {pid: 4242}}],
  ['a QEMU that is the first process', {...content, qemu: {pid: 1, start: '17'}}],
  ['a QEMU that is a process group', {...content, qemu: {pid: -4242, start: '17'}}],
  ['a QEMU that is every process', {...content, qemu: {pid: -1, start: '17'}}],
  ['a QEMU that is one’s own process group', {...content, qemu: {pid: 0, start: '17'}}],
  ['somebody else’s file for a draft', {...content, draft: '/etc/passwd'}],
  ['the draft of another run', {...content, draft: '/var/tmp/.vmrun-ba9876543210'}],
  ['a draft that is nowhere in particular', {...content, draft: `.vmrun-${runId}`}],
])('what holds %s is no record', (_, value) => {
  expect(parseRecord(JSON.stringify(value) ?? '', owner)).toBeUndefined()
})

test.each(['', '{', `${JSON.stringify(content)}}`, JSON.stringify(content).slice(0, -1)])(
  'what is not whole is no record: %j',
  text => {
    expect(parseRecord(text, owner)).toBeUndefined()
  },
)

test('the name of a record says whose it is, also with a start time in the words of ps', () => {
  const psOwner = {...owner, process: {pid: 7, start: 'Mon-Nov-23-00:13:48-2026'}}
  const name = `${runId}.7.Mon-Nov-23-00:13:48-2026.89abcdef.01234567.json`
  expect(recordName(psOwner, 'json')).toBe(name)
  expect(parseRecordName(name)).toEqual(psOwner)
})

test.each([
  '',
  'notes.txt',
  '0123456789ab.json',
  '0123456789ab.0.5.89abcdef.01234567.json',
  '0123456789ab.-1.5.89abcdef.01234567.json',
  '0123456789ab.7..89abcdef.01234567.json',
  '0123456789ab.7.5.89abcdef.01234567.json~',
  '0123456789ab.7.5.89abcdef.01234567.json\n',
  ' 0123456789ab.7.5.89abcdef.01234567.json',
  '0123456789AB.7.5.89abcdef.01234567.json',
  '0123456789ab.7.5/.89abcdef.01234567.json',
])('a file of another name is no record: %j', name => {
  expect(parseRecordName(name)).toBeUndefined()
})
