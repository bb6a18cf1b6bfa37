import {expect, test} from 'vitest'
import {ownIdentity} from '../../src/residue/process-identity.js'
import {ownWhereabouts, parseRecordName, recordName} from '../../src/residue/record-owner.js'

const run = '0123456789ab'

test.each(['json', 'draft'] as const)('the name of a record says whose it is: .%s', async kind => {
  const owner = {run, process: ownIdentity(), whereabouts: await ownWhereabouts()}
  expect(parseRecordName(recordName(owner, kind))).toEqual(owner)
})

test('so it does with a start time in the words of ps', () => {
  const owner = {
    run,
    process: {pid: 7, start: 'Mon-Nov-23-00:13:48-2026'},
    whereabouts: {boot: '89abcdef', namespace: '01234567'},
  }
  const name = `${run}.7.Mon-Nov-23-00:13:48-2026.89abcdef.01234567.json`
  expect(recordName(owner, 'json')).toBe(name)
  expect(parseRecordName(name)).toEqual(owner)
})

test('where one can be looked for is the same each time', async () => {
  expect(await ownWhereabouts()).toEqual(await ownWhereabouts())
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
