import {expect, test} from 'vitest'
import {checkFileNames, compareIdentifiers, primaryIdentifiers} from '../../../src/disks/iso9660/names.js'

test.each(['instance.json', 'meta-data', '.profile', 'Ünïcode', 'x'.repeat(64), 'é'.repeat(60), 'a b', 'a.'])(
  'a file may be called %j',
  name => {
    expect(() => checkFileNames([name])).not.toThrow()
  },
)

test.each<[string, readonly string[]]>([
  ['is empty, "." or ".."', ['', '.', '..']],
  [
    'holds a character that Joliet does not allow',
    ['a/b', 'a\0b', 'a\nb', 'a\\b', 'a:b', 'a;1', 'a*', 'a?', '\u{1F4BF}', '\uD83D'],
  ],
  ['is longer than 64 characters or 121 bytes of UTF-8', ['x'.repeat(65), 'é'.repeat(61)]],
  ['is there twice', ['a']],
])('a name that %s is refused, and not quoted', (problem, names) => {
  for (const name of names) {
    expect(() => checkFileNames(['a', name])).toThrow(`files[1].name: ${problem}`)
  }
})

test.each([
  ['instance.json', 'INSTANCE.JSON'],
  ['meta-data', 'META_DATA.'],
  ['.profile', '_PROFILE.'],
  ['a.b.c.txt', 'A_B_C.TXT'],
  ['Straße', 'STRA_E.'],
  ['x'.repeat(64), `${'X'.repeat(30)}.`],
  [`${'x'.repeat(40)}.extension`, `${'X'.repeat(22)}.EXTENSIO`],
])('the primary identifier of %s is %s', (name, identifier) => {
  expect(primaryIdentifiers([name])).toEqual([identifier])
})

test('what only case, forbidden characters or length tell apart has different identifiers', () => {
  const long = 'x'.repeat(30)
  const names = ['a-b.c', 'A_B.c', 'a b.C', 'a_b_1.c']
  expect(primaryIdentifiers(names)).toEqual(['A_B.C', 'A_B_1.C', 'A_B_2.C', 'A_B_1_1.C'])
  expect(primaryIdentifiers([`${long}1`, `${long}2`])).toEqual([`${'X'.repeat(30)}.`, `${'X'.repeat(28)}_1.`])
})

test('identifiers are sorted by name and then by extension, a shorter one before its longer ones', () => {
  const sorted = ['A.', 'A.B', 'A.B0', 'A.C', 'A-B.A', 'A0.', 'AB.A', 'B.']
  expect(sorted.toReversed().sort(compareIdentifiers)).toEqual(sorted)
})
