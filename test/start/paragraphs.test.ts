import {expect, test} from 'vitest'
import {paragraphs} from '../../src/start/paragraphs.js'

test.each([
  [['one'], 'one'],
  [['one', 'two'], 'one two'],
  [['one', 'two', '', 'three'], 'one two\n\nthree'],
  [['one', '', 'two', '', 'three'], 'one\n\ntwo\n\nthree'],
])('the lines %j are the paragraphs %j', (lines, text) => {
  expect(paragraphs(...lines)).toBe(text)
})
