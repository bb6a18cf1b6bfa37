import {expect, test} from 'vitest'
import {findSyntaxFault} from '../../src/instances/json-syntax.js'

test.each([
  ['a trailing comma in an array', '[1, ]', 2, 'a comma before the closing ]'],
  ['a trailing comma in an object', '{"a": 1 ,\n}', 8, 'a comma before the closing }'],
  ['a line comment', '// x\n[]', 0, 'a comment, which JSON does not have'],
  ['a block comment', '[1 /* x */]', 3, 'a comment, which JSON does not have'],
  ['single quotes', "['a']", 1, 'a string in the wrong quotes'],
  ['an unquoted key', '{a: 1}', 1, 'a word without quotes'],
  ['a word', '[True]', 1, 'a word without quotes'],
  ['a number with a plus', '[+1]', 1, 'this is not a number that JSON knows'],
  ['a number with a leading zero', '[01]', 1, 'this is not a number that JSON knows'],
  ['a number that ends in a point', '[1.]', 1, 'this is not a number that JSON knows'],
  ['a number with a unit', '[10G]', 1, 'this is not a number that JSON knows'],
  ['a string that is not closed', '["a\n"]', 1, 'this string is not closed on its line'],
  ['a string at the end of the file', '["a', 1, 'this string is not closed on its line'],
  ['a tab in a string', '["a\tb"]', 3, 'a control character in a string'],
  ['an unknown escape', String.raw`["a\x"]`, 3, 'a backslash that begins no escape'],
  ['a short Unicode escape', String.raw`["\u12"]`, 2, 'a backslash that begins no escape'],
  ['a missing comma', '[1 2]', 3, 'found a number, true, false or null, expected a comma or ]'],
  ['a missing comma in an object', '{"a":1 "b":2}', 7, 'found a string, expected a comma or }'],
  ['a missing colon', '{"a" 1}', 5, 'found a number, true, false or null, expected a colon'],
  ['the wrong bracket', '[{"a":[1}]', 8, 'found }, expected a comma or ]'],
  ['a second document', '[] []', 3, 'found [, expected the end of the file'],
  ['an open array', '[\n [1', 5, 'the file ends where a comma or ] is expected'],
  ['nothing at all', ' \n', 2, 'the file is empty'],
  [
    'a blank that JSON does not know',
    '[\u00a0]',
    1,
    'found something that is not JSON, expected a value or ]',
  ],
])('%s is found at its place', (_, text, offset, message) => {
  expect(findSyntaxFault(text)).toMatchObject({offset, message})
})

test('an open bracket is named with its place', () => {
  expect(findSyntaxFault('[\n  {"a": 1')?.hint).toBe('the { of line 2, column 3 is not closed')
})

test('no fault repeats the text, which may be a secret', () => {
  for (const text of ['[ghp_secret]', '["ghp_secret', "{'ghp_secret': 1}", String.raw`["\ghp_secret"]`]) {
    const fault = findSyntaxFault(text)
    expect(fault).toBeDefined()
    expect(JSON.stringify(fault)).not.toContain('secret')
  }
})

test('it agrees with JSON.parse about every one-character change of a document', () => {
  const document = String.raw`[{"a\n\u00e9": [1, -0.5e+3, true, null, "x"]}, {}, []]`
  const characters = [
    '',
    ' ',
    ',',
    ':',
    '"',
    '\\',
    '[',
    ']',
    '{',
    '}',
    '0',
    '1',
    '-',
    '.',
    'e',
    't',
    '\n',
    '\u0001',
  ]
  for (let offset = 0; offset < document.length; offset += 1) {
    for (const character of characters) {
      for (const removed of [0, 1]) {
        const text = document.slice(0, offset) + character + document.slice(offset + removed)
        expect(findSyntaxFault(text) === undefined, text).toBe(isJson(text))
      }
    }
  }
})

test('100,000 open brackets end in an answer', () => {
  expect(findSyntaxFault('['.repeat(100_000))).toMatchObject({offset: 100_000})
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
