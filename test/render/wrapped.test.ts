import stringWidth from 'string-width'
import {expect, test} from 'vitest'
import {wrapped} from '../../src/render/wrapped.js'

test('a line that fits stays as it is', () => {
  expect(wrapped('  one  two', 10)).toEqual(['  one  two'])
})

test('a line that does not fit is broken where it has a space', () => {
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three'])
})

test('each line is indented as the first one is', () => {
  expect(wrapped('  one two three', 9)).toEqual(['  one two', '  three'])
})

test('a word that does not fit has a line of its own', () => {
  expect(wrapped('a /a/very/long/path b', 6)).toEqual(['a', '/a/very/long/path', 'b'])
})

test('wide characters count for what they take', () => {
  const lines = wrapped('虚拟机 虚拟机 虚拟机', 13)
  expect(lines).toEqual(['虚拟机 虚拟机', '虚拟机'])
  expect(lines.map(line => stringWidth(line))).toEqual([13, 6])
})
