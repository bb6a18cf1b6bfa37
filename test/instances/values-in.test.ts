import {expect, test} from 'vitest'
import {pathOf, valuesIn} from '../../src/instances/values-in.js'
import {readTree} from '../../src/json/tree.js'

test('values are visited in the order of the file, each with its path', () => {
  const root = readTree('{"a": [1, {"b": 2}], "c": 3}', 0)
  expect(Array.from(valuesIn(root), pathOf)).toEqual([[], ['a'], ['a', 0], ['a', 1], ['a', 1, 'b'], ['c']])
})
