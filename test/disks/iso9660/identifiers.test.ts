import {describe, expect, test} from 'vitest'
import {
  checkNames,
  compareIdentifiers,
  withPrimaryIdentifiers,
} from '../../../src/disks/iso9660/identifiers.js'

function primaryIdentifiers(...names: readonly string[]): readonly string[] {
  return withPrimaryIdentifiers(names.map(name => ({name}))).map(file => file.identifier)
}

describe('checkNames', () => {
  test.each([
    'instance.json',
    'meta-data',
    '.profile',
    'Ünïcode',
    'x'.repeat(64),
    'é'.repeat(60),
    'a b',
    'a.',
  ])('allows %j', name => {
    expect(() => checkNames([name])).not.toThrow()
  })

  test.each([
    ['', 'is empty, "." or ".."'],
    ['.', 'is empty, "." or ".."'],
    ['..', 'is empty, "." or ".."'],
    ['a/b', 'holds a character that Joliet does not allow'],
    ['a\0b', 'holds a character that Joliet does not allow'],
    ['a\nb', 'holds a character that Joliet does not allow'],
    ['a\\b', 'holds a character that Joliet does not allow'],
    ['a:b', 'holds a character that Joliet does not allow'],
    ['a;1', 'holds a character that Joliet does not allow'],
    ['a*', 'holds a character that Joliet does not allow'],
    ['a?', 'holds a character that Joliet does not allow'],
    ['\u{1F4BF}', 'holds a character that Joliet does not allow'],
    ['\uD83D', 'holds a character that Joliet does not allow'],
    ['x'.repeat(65), 'is longer than 64 characters or 121 bytes of UTF-8'],
    ['é'.repeat(61), 'is longer than 64 characters or 121 bytes of UTF-8'],
  ])('refuses %j, which it does not quote: it %s', (name, fault) => {
    expect(() => checkNames(['a', name])).toThrow(`files[1].name: ${fault}`)
  })

  test('refuses two files of one name', () => {
    expect(() => checkNames(['a', 'b', 'a'])).toThrow('files[2].name: is there twice')
  })
})

describe('withPrimaryIdentifiers', () => {
  test.each([
    ['instance.json', 'INSTANCE.JSON'],
    ['meta-data', 'META_DATA.'],
    ['.profile', '_PROFILE.'],
    ['a.b.c.txt', 'A_B_C.TXT'],
    ['Straße', 'STRA_E.'],
    ['x'.repeat(64), `${'X'.repeat(30)}.`],
    [`${'x'.repeat(40)}.extension`, `${'X'.repeat(22)}.EXTENSIO`],
  ])('makes of %s %s', (name, identifier) => {
    expect(primaryIdentifiers(name)).toEqual([identifier])
  })

  test('tells apart what only case, forbidden characters or length tell apart', () => {
    const long = 'x'.repeat(30)
    expect(primaryIdentifiers('a-b.c', 'A_B.c', 'a b.C', 'a_b_1.c')).toEqual([
      'A_B.C',
      'A_B_1.C',
      'A_B_2.C',
      'A_B_1_1.C',
    ])
    expect(primaryIdentifiers(`${long}1`, `${long}2`)).toEqual([`${'X'.repeat(30)}.`, `${'X'.repeat(28)}_1.`])
  })
})

describe('compareIdentifiers', () => {
  test('sorts by name and then by extension, a shorter one before its longer ones', () => {
    const sorted = ['A.', 'A.B', 'A.B0', 'A.C', 'A-B.A', 'A0.', 'AB.A', 'B.']
    expect(sorted.toReversed().sort(compareIdentifiers)).toEqual(sorted)
  })
})
