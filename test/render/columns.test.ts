import stringWidth from 'string-width'
import {expect, test} from 'vitest'
import {padded, widest, wrapped} from '../../src/render/columns.js'

test.each([
  ['good', 'good   '],
  ['missing', 'missing'],
  ['虚拟机', '虚拟机 '],
])('%s is filled up to seven columns', (cell, filled) => {
  expect(padded(cell, 7)).toBe(filled)
  expect(widest(['a', filled, 'bc'])).toBe(7)
})

test.each([
  ['that fits stays as it is', '  one  two', 10, ['  one  two']],
  ['that does not fit is broken where it has a space', 'one two three', 7, ['one two', 'three']],
  ['is indented as its beginning is', '  one two three', 9, ['  one two', '  three']],
  ['with a word that does not fit gives that one for itself', 'a /a/path b', 6, ['a', '/a/path', 'b']],
])('a line %s', (_, line, width, lines) => {
  expect(wrapped(line, width)).toEqual(lines)
})

test('wide characters count for what they take', () => {
  const lines = wrapped('虚拟机 虚拟机 虚拟机', 13)
  expect(lines).toEqual(['虚拟机 虚拟机', '虚拟机'])
  expect(lines.map(line => stringWidth(line))).toEqual([13, 6])
})
