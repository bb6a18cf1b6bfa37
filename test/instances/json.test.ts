import fc from 'fast-check'
import {expect, test} from 'vitest'
import {meaningOf, readJson} from '../../src/instances/json.js'
import {anyText, jsonValue} from '../arbitraries.js'
import {nearlyInstances} from './documents.js'
import {isJson} from './is-json.js'
import {anyLayout, layOut, tokensOf} from './layouts.js'

/** The rule that a text breaks, and where, from 1. */
function faultOf(text: string): string | undefined {
  const read = readJson(text)
  return 'fault' in read ? `${read.fault.rule} ${read.fault.offset + 1}` : undefined
}

test.each([
  ['trailing-comma 9', '[{"a": 1,}]'],
  ['trailing-comma 5', '[1,2,\n]'],
  ['trailing-comma 4', '[1,,2]'],
  ['missing-comma 7', '[{}\n  {}]'],
  ['missing-comma 10', '[{"a": 1 "b": 2}]'],
  ['missing-colon 10', '[{"name" = "a"}]'],
  ['missing-colon 10', '[{"name" "a"}]'],
  ['missing-value 8', '[{"a": , "b": 1}]'],
  ['comment 3', '[\n// x\n1]'],
  ['comment 2', '[/* x'],
  ['comment 3', '[\n# x\n1]'],
  ['wrong-quotes 3', `[{'a': 1}]`],
  ['wrong-quotes 8', '[{"a": “x”}]'],
  ['unquoted-word 3', '[{a: 1}]'],
  ['unquoted-word 8', '[{"a": True}]'],
  ['malformed-number 9', '[{"a": 4G}]'],
  ['malformed-number 9', '[{"a": 02}]'],
  ['malformed-number 8', '[{"a": +2}]'],
  ['malformed-number 8', '[{"a": 1.}]'],
  ['unclosed-string 8', '[{"a": "b}]\n'],
  ['malformed-escape 8', String.raw`[{"a": "\d"}]`],
  ['malformed-escape 8', String.raw`[{"a": "\u12"}]`],
  ['control-character 8', '[{"a": "b\tc"}]'],
  ['mismatched-bracket 12', '[{"a": ["b"}]'],
  ['mismatched-bracket 9', '[{"a": 1]'],
  ['mismatched-bracket 5', '[{}]]'],
  ['unclosed-bracket 11', '[{"a": 1}\n'],
  ['unclosed-bracket 8', '[{"a": '],
  ['unexpected-text 4', '{}\n{}'],
  ['unexpected-text 5', '["a": 1]'],
  ['unexpected-text 2', '[\u00a0{}]'],
  ['empty-file 1', ''],
  ['empty-file 1', ' \n'],
  ['merge-conflict 3', '[\n<<<<<<< HEAD\n{}'],
  ['nested-too-deep 501', '['.repeat(100_000)],
])('%s is found in %j', (fault, text) => {
  expect(faultOf(text)).toBe(`vmrun/${fault}`)
})

test('more values than a host may have memory for are refused before a tree is made of them', () => {
  expect(faultOf(`[${'1,'.repeat(1_000_001)}1]`)).toBe('vmrun/too-large 2000001')
  expect(faultOf(`[${'[1],'.repeat(600_000)}1]`)).toMatch('vmrun/too-large ')
  expect(faultOf(`["${','.repeat(1_000_001)}"]`)).toBeUndefined()
})

const texts = fc.oneof(
  {weight: 8, arbitrary: nearlyInstances},
  anyText,
  anyText.map(content => `"${content}"`),
  jsonValue.map(value => JSON.stringify(value)),
)

test('a text has a fault, at a place inside it, where JSON.parse refuses it, and only there', () => {
  fc.assert(
    fc.property(texts, text => {
      const read = readJson(text)
      const isTooDeep = 'fault' in read && read.fault.rule === 'vmrun/nested-too-deep'
      expect('root' in read).toBe(isJson(text) && !isTooDeep)
      if ('fault' in read) {
        const {offset, length} = read.fault
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
