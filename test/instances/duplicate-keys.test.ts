import {expect, test} from 'vitest'
import {problemsOf} from './read-text.js'

test('a key that stands twice is an error that names both places, however deep and however it is spelt', async () => {
  const text = String.raw`[{"name": "a", "image": "i", "timeout-seconds": 5,
  "image": "i",
  "config": {"k": [{"a": 1, "\u0061": 2, "a": 3}], "__proto__": 1,
    "__proto__": 2}}]`
  expect(await problemsOf(text)).toEqual([
    '2:3: error: the key "image" stands twice in one object, first at line 1, column 16 (remove one of the two)',
    '3:29: error: the key "a" stands twice in one object, first at line 3, column 21 (remove one of the two)',
    '3:42: error: the key "a" stands twice in one object, first at line 3, column 21 (remove one of the two)',
    '4:5: error: the key "__proto__" stands twice in one object, first at line 3, column 52 (remove one of the two)',
  ])
})

test('one key in several objects is fine', async () => {
  const text = '[{"name": "a", "image": "i", "timeout-seconds": 5, "config": {"name": [{"a": 1}, {"a": 1}]}}]'
  expect(await problemsOf(text)).toEqual([])
})
