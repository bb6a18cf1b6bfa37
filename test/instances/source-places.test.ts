import {parse} from '@humanwhocodes/momoa'
import {expect, test} from 'vitest'
import {placeOfValue, placesOfKeys, valuesIn} from '../../src/instances/source-places.js'

const {body} = parse('{"a": [1,\r\n  {"b": 2}],\n "c": 3}')

test('the place of a value is where it begins, counted from 1', () => {
  expect(placeOfValue(body, [])).toEqual({line: 1, column: 1})
  expect(placeOfValue(body, ['a', 1, 'b'])).toEqual({line: 2, column: 9})
  expect(placeOfValue(body, ['c'])).toEqual({line: 3, column: 7})
})

test('a value that the file does not hold has the place of what would hold it', () => {
  expect(placeOfValue(body, ['a', 1, 'x', 'y'])).toEqual({line: 2, column: 3})
  expect(placeOfValue(body, ['c', 'x'])).toEqual({line: 3, column: 7})
})

test('the place of a key is its own, not that of its value', () => {
  expect(placesOfKeys(body).get('c')).toEqual({line: 3, column: 2})
})

test('values are visited in the order of the file, each with its path', () => {
  expect(Array.from(valuesIn(body), ({path}) => path)).toEqual([
    [],
    ['a'],
    ['a', 0],
    ['a', 1],
    ['a', 1, 'b'],
    ['c'],
  ])
})
