import fc from 'fast-check'
import {expect, test} from 'vitest'
import {meaningOf, readJson} from '../../src/instances/json.js'
import {anyText, jsonValue} from '../arbitraries.js'
import {nearlyInstances} from './documents.js'
import {anyLayout, layOut, tokensOf} from './layouts.js'
import {parsed} from './read-text.js'

/** The rule that a text breaks, and where, from 1. */
function brokenBy(text: string): string | undefined {
  const read = readJson(text)
  return 'problem' in read ? `${read.problem.rule} ${(read.problem.at?.offset ?? 0) + 1}` : undefined
}

test.each([
  ['trailing-comma 9', '[{"a": 1,}]'],
  ['trailing-comma 5', '[1,2,\n]'],
  ['trailing-comma 4', '[1,,2]'],
  ['trailing-comma 8', '[{"a": , "b": 1}]'],
  ['missing-comma 7', '[{}\n  {}]'],
  ['missing-comma 10', '[{"a": 1 "b": 2}]'],
  ['missing-comma 9', '[{"a": 02}]'],
  ['missing-comma 5', '["a": 1]'],
  ['missing-comma 12', '[{"a": ["b"}]'],
  ['missing-comma 9', '[{"a": 1]'],
  ['missing-colon 10', '[{"name" "a"}]'],
  ['comment 3', '[\n// x\n1]'],
  ['comment 2', '[/* x'],
  ['malformed-number 8', '[{"a": 1.}]'],
  ['unclosed-string 8', '[{"a": "b}]\n'],
  ['malformed-escape 8', String.raw`[{"a": "\d"}]`],
  ['malformed-escape 8', String.raw`[{"a": "\u12"}]`],
  ['control-character 8', '[{"a": "b\tc"}]'],
  ['unclosed-bracket 11', '[{"a": 1}\n'],
  ['unclosed-bracket 8', '[{"a": '],
  ['unexpected-text 4', '{}\n{}'],
  ['unexpected-text 5', '[{}]]'],
  ['unexpected-text 7', '[{"a":}]'],
  ['unexpected-text 3', '[{1: 1}]'],
  ['unexpected-text 10', '[{"name" = "a"}]'],
  ['unexpected-text 3', '[\n# x\n1]'],
  ['unexpected-text 3', `[{'a': 1}]`],
  ['unexpected-text 8', '[{"a": True}]'],
  ['unexpected-text 9', '[{"a": 4G}]'],
  ['unexpected-text 8', '[{"a": +2}]'],
  ['unexpected-text 2', '[\u00a0{}]'],
  ['empty-file 1', ''],
  ['empty-file 1', ' \n'],
  ['merge-conflict 3', '[\n<<<<<<< HEAD\n{}'],
  ['nested-too-deep 501', '['.repeat(100_000)],
])('%s is found in %j', (broken, text) => {
  expect(brokenBy(text)).toBe(`vmrun/${broken}`)
})

test('more values than a host may have memory for are refused before a tree is made of them', () => {
  expect(brokenBy(`[${'1,'.repeat(1_000_001)}1]`)).toBe('vmrun/too-large 2000001')
  expect(brokenBy(`[${'[1],'.repeat(600_000)}1]`)).toMatch('vmrun/too-large ')
  expect(brokenBy(`["${','.repeat(1_000_001)}"]`)).toBeUndefined()
})

const texts = fc.oneof(
  {weight: 8, arbitrary: nearlyInstances},
  anyText,
  anyText.map(content => `"${content}"`),
  jsonValue.map(value => JSON.stringify(value)),
)

test('a text has a problem, at a place inside it, where JSON.parse refuses it, and only there', () => {
  fc.assert(
    fc.property(texts, text => {
      const read = readJson(text)
      const isTooDeep = 'problem' in read && read.problem.rule === 'vmrun/nested-too-deep'
      expect('root' in read).toBe(parsed(text) !== undefined && !isTooDeep)
      if ('problem' in read) {
        const {offset, length} = read.problem.at ?? {offset: -1, length: 0}
        expect(Math.min(offset, length)).toBeGreaterThanOrEqual(0)
        expect(offset + length).toBeLessThanOrEqual(text.length)
      }
    }),
    {numRuns: 1000, examples: [['\r\n/*[\r\n{"name"\r\n:1}\r\n]\r\n'], ['/*'], ['/* ']]},
  )
})

test('the tree of a text that is JSON stands for what JSON.parse makes of it, however it is laid out', () => {
  fc.assert(
    fc.property(jsonValue, anyLayout, (value, layout) => {
      const text = layOut(tokensOf(JSON.stringify(value)), layout)
      const read = readJson(text)
      expect('root' in read && JSON.stringify(meaningOf(read.root, text))).toBe(
        JSON.stringify(JSON.parse(text)),
      )
    }),
    {numRuns: 300},
  )
})
