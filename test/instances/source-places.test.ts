import {expect, test} from 'vitest'
import {spanOfKey, spanOfValue} from '../../src/instances/source-places.js'
import {readTree} from '../../src/json/tree.js'

const text = '{"a": [1,\r\n  {"b": "two"}],\n "c": 3}'
const root = readTree(text, 0)

function at(...path: readonly (string | number)[]): string {
  const {start, end} = spanOfValue(root, path)
  return `${start}: ${text.slice(start, end)}`
}

test('a value is pointed at as a whole, an array or an object by its bracket', () => {
  expect(at()).toBe('0: {')
  expect(at('a')).toBe('6: [')
  expect(at('a', 1, 'b')).toBe('19: "two"')
  expect(at('c')).toBe('34: 3')
})

test('a value that the file does not hold has the place of what would hold it', () => {
  expect(at('a', 1, 'x', 'y')).toBe(at('a', 1))
  expect(at('c', 'x')).toBe(at('c'))
})

test('the place of a key is its own, not that of its value', () => {
  expect(spanOfKey(root, 'c')).toEqual({start: 29, end: 32})
})
