import {expect, test} from 'vitest'
import {meaningOf} from '../../src/json/node.js'
import {readTree} from '../../src/json/tree.js'
import {faultsOf, isJson} from './faults-of.js'

type Told = readonly [what: string, text: string, found: readonly (readonly [number, string])[]]

test.each<Told>([
  ['a trailing comma in an array', '[1, ]', [[2, 'a comma before the closing ]']]],
  ['a trailing comma in an object', '{"a": 1 ,\n}', [[8, 'a comma before the closing }']]],
  [
    'a trailing comma behind a comment',
    '[1, /* , */ ]',
    [
      [4, 'a comment, which JSON does not have'],
      [2, 'a comma before the closing ]'],
    ],
  ],
  [
    'a missing value before a comment',
    '{"a": /* b */ }',
    [
      [6, 'a comment, which JSON does not have'],
      [14, 'found }, expected the value of the key before it'],
    ],
  ],
  ['a comma too many', '[1,, 2]', [[3, 'a comma where a value is expected']]],
  ['a line comment', '// x\n[]', [[0, 'a comment, which JSON does not have']]],
  ['a block comment', '[1 /* x */]', [[3, 'a comment, which JSON does not have']]],
  ['a comment of a shell', '[] # x', [[3, 'a comment, which JSON does not have']]],
  ['single quotes', "['a']", [[1, 'a string in the wrong quotes']]],
  ['the quotes of a word processor', '[“a”]', [[1, 'a string in the wrong quotes']]],
  ['an unquoted key', '{a: 1}', [[1, 'a word without quotes']]],
  ['a number as a key', '{1: 1}', [[1, 'a key without quotes']]],
  ['a word', '[True]', [[1, 'a word without quotes']]],
  ['a number with a plus', '[+1]', [[1, 'this is not a number that JSON knows']]],
  ['a number with a leading zero', '[01]', [[1, 'this is not a number that JSON knows']]],
  ['a number that ends in a point', '[1.]', [[1, 'this is not a number that JSON knows']]],
  ['a number with a unit', '[10G]', [[1, 'this is not a number that JSON knows']]],
  ['a string that is not closed', '["a,\n"b"]', [[1, 'this string is not closed on its line']]],
  [
    'a string at the end of the file',
    '["a',
    [
      [1, 'this string is not closed on its line'],
      [3, 'the file ends where a comma or ] is expected'],
    ],
  ],
  [
    'a string that is not closed in front of what closes it',
    '[["a],\n1]',
    [[2, 'this string is not closed on its line']],
  ],
  [
    'a string that is closed by the quotation mark of the next one',
    '[{"a": "b, "c": "d", "e": "f"},\n1 2]',
    [
      [12, 'a word right behind a string'],
      [34, 'found a number, true, false or null, expected a comma or ]'],
    ],
  ],
  [
    'a key that is closed by the quotation mark of its value',
    '[{"a: "b"}]',
    [[7, 'a word right behind a string']],
  ],
  [
    'a string that is closed by the next one, before an object',
    '[{"a": "b, "c": {"d": [1]}}]',
    [[12, 'a word right behind a string']],
  ],
  ['a string with brackets that is not closed', '["a [b]]', [[1, 'this string is not closed on its line']]],
  ['quotation marks in a string', '["say "hi" now"]', [[7, 'a word right behind a string']]],
  ['a tab in a string', '["a\tb"]', [[3, 'a control character in a string']]],
  ['an unknown escape', String.raw`["a\x"]`, [[3, 'a backslash that begins no escape']]],
  ['a short Unicode escape', String.raw`["\u12"]`, [[2, 'a backslash that begins no escape']]],
  ['a missing comma', '[1 2]', [[3, 'found a number, true, false or null, expected a comma or ]']]],
  ['a missing comma in an object', '{"a":1 "b":2}', [[7, 'found a string, expected a comma or }']]],
  [
    'a semicolon for a comma',
    '{"a":1; "b":2}',
    [[6, 'found something that is not JSON, expected a comma or }']],
  ],
  ['a missing colon', '{"a" 1}', [[5, 'found a number, true, false or null, expected a colon']]],
  ['an equals sign', '{"a" = 1}', [[5, 'found something that is not JSON, expected a colon']]],
  [
    'a missing value',
    '{"a": , "b"}',
    [
      [6, 'found a comma, expected the value of the key before it'],
      [11, 'found }, expected the value of the key before it'],
    ],
  ],
  ['a key in an array', '["a": 1]', [[4, 'found a colon, expected a comma or ]']]],
  ['an object for a key', '{{}}', [[1, 'found {, expected a key in double quotes or }']]],
  ['the wrong bracket', '[{"a":[1}]', [[8, 'found }, expected a comma or ]']]],
  ['a bracket of the other kind', '[{"a":[1}}]', [[8, 'found }, expected a comma or ]']]],
  ['a bracket of the other kind at the end', '[{"a":1]]', [[7, 'found ], expected a comma or }']]],
  ['several brackets that are missing', '[{"a":[[1}]', [[9, 'found }, expected a comma or ]']]],
  ['a bracket too many', '[1}]', [[2, 'found }, expected a comma or ]']]],
  ['a bracket too many at the end', '[1]]', [[3, 'found ], expected the end of the file']]],
  ['a second document', '[] []', [[3, 'found [, expected the end of the file']]],
  ['an open array', '[\n [1', [[5, 'the file ends where a comma or ] is expected']]],
  [
    'a path',
    '[/images/a.qcow2, ./b, ~/c]',
    [
      [1, 'a word without quotes'],
      [18, 'a word without quotes'],
      [23, 'a word without quotes'],
    ],
  ],
  [
    'a merge conflict',
    '[\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> b\n]',
    [[2, 'a merge conflict that is not resolved']],
  ],
  [
    'another language',
    'instances:\n  - name: vm-1',
    [[0, 'this is not JSON: an instances file begins with [ or {']],
  ],
  ['nothing at all', ' \n', [[2, 'the file is empty']]],
  [
    'a comment that does not end',
    '[/* 1]',
    [
      [1, 'a comment, which JSON does not have'],
      [6, 'the file ends where a value or ] is expected'],
    ],
  ],
  ['a blank that JSON does not know', '[\u00a0]', [[1, 'a blank that JSON does not know (U+00A0)']]],
])('%s is found at its place, and nothing else', (_, text, found) => {
  expect(faultsOf(text).map(({start, message}) => [start, message])).toEqual(found)
})

test('an open bracket is named with its place', () => {
  expect(faultsOf('[\n  {"a": 1').map(({hint}) => hint)).toEqual(['the { of line 2, column 3 is not closed'])
})

test.each(['[1}]', '[1]]', '{"a": 1]}'])(
  'of %s, which has a bracket too many, that is to be removed',
  text => {
    expect(faultsOf(text).map(({hint}) => hint)).toEqual(['remove it'])
  },
)

test.each([
  ['[{"a": 1]]', 'write } in its place'],
  ['[{"a": [1}}]', 'write ] in its place'],
  ['[{"a": [1}]', 'the [ of line 1, column 8 is not closed'],
])('of %s, where a bracket does not fit, it is said which would', (text, hint) => {
  expect(faultsOf(text).map(fault => fault.hint)).toEqual([hint])
})

test('it is not plain what a string in the wrong quotes is that has a double quote in it', () => {
  const faults = [`['a']`, `{"a": ' "b", "c": "it's"}`].map(text => faultsOf(text)[0])
  expect(faults).toMatchObject([
    {rule: 'vmrun/wrong-quotes', isPlain: true},
    {rule: 'vmrun/wrong-quotes', isPlain: false},
  ])
})

test('it is not plain what a comment is that stands for a value and has strings in it', () => {
  const faults = ['{"a": /* b */ 1}', '{"a": # "b"\n1}'].map(text => faultsOf(text)[0])
  expect(faults).toMatchObject([
    {rule: 'vmrun/comment', isPlain: true},
    {rule: 'vmrun/comment', isPlain: false},
  ])
})

test('all mistakes of a text are found', () => {
  const text = `[{'a': 1 "b": True,}, // c\n{d: 1.}]`
  expect(faultsOf(text).map(({rule}) => rule)).toEqual([
    'vmrun/wrong-quotes',
    'vmrun/missing-comma',
    'vmrun/unquoted-word',
    'vmrun/trailing-comma',
    'vmrun/comment',
    'vmrun/unquoted-word',
    'vmrun/malformed-number',
  ])
})

test.each([
  ["[{'a': 1 'b': [2,]}, // c\n{d: 1}]", [{a: 1, b: [2]}, {d: 1}]],
  ['[“a”, 1 2,, 3]', ['a', 1, 2, 3]],
  ['{"a" => 1, "b" = 2}', {a: 1, b: 2}],
])('%s stands for what was meant', (text, meant) => {
  expect(faultsOf(text).filter(({isPlain}) => !isPlain)).toEqual([])
  expect(meaningOf(readTree(text, 0), text)).toEqual(meant)
})

test('no fault repeats the text, which may be a secret', () => {
  for (const text of ['[ghp_secret]', '["ghp_secret', "{'ghp_secret': 1}", String.raw`["\ghp_secret"]`]) {
    const faults = faultsOf(text)
    expect(faults).not.toEqual([])
    expect(JSON.stringify(faults)).not.toContain('secret')
  }
})

test('it agrees with JSON.parse about every one-character change of a document', () => {
  const document = String.raw`[{"a\n\u00e9": [1, -0.5e+3, true, null, "x"]}, {}, []]`
  const characters = Array.from(' ,:"\\[]{}01-.et\n\u0001')
  for (let offset = 0; offset < document.length; offset += 1) {
    for (const character of ['', ...characters]) {
      for (const removed of [0, 1]) {
        const text = document.slice(0, offset) + character + document.slice(offset + removed)
        expect(faultsOf(text).length === 0, text).toBe(isJson(text))
      }
    }
  }
})

test.each([
  ['arrays', '[', ']'],
  ['objects', '{"a":', '}'],
])('500 levels of %s are read, 501 are refused at the bracket that is too deep', (_, open, close) => {
  const nested = (levels: number) => `${open.repeat(levels)}${open === '[' ? '' : '1'}${close.repeat(levels)}`
  expect(faultsOf(nested(500))).toEqual([])
  expect(faultsOf(nested(501))).toMatchObject([
    {start: 500 * open.length, message: 'nested more than 500 levels deep'},
  ])
})

test('brackets in strings are not levels', () => {
  expect(faultsOf(JSON.stringify(['['.repeat(1000), `\\"${'{'.repeat(1000)}`]))).toEqual([])
})

test.each([
  ['100,000 levels', '['.repeat(100_000) + ']'.repeat(100_000)],
  ['100,000 closing brackets', ']'.repeat(100_000)],
  ['100,000 words', 'a '.repeat(100_000)],
  ['100,000 wrong quotes', `[${"'a',".repeat(100_000)}1]`],
  ['a string of ten million characters', `"${'a'.repeat(10_000_000)}`],
])('%s end in an answer', (_, text) => {
  const faults = faultsOf(text)
  expect(faults.length).toBeGreaterThan(0)
  expect(faults.length).toBeLessThanOrEqual(1001)
})
