import fc from 'fast-check'
import {expect, test} from 'vitest'
import {LineIndex} from '../../src/json/line-index.js'

test('lines end by LF, CR LF and CR, and count from 1, as columns do', () => {
  const lines = new LineIndex('a\r\nbc\rd\n')
  expect(lines.count).toBe(4)
  expect([0, 1, 2, 3, 5, 6, 8].map(offset => lines.placeOf(offset))).toEqual([
    {line: 1, column: 1},
    {line: 1, column: 2},
    {line: 1, column: 3},
    {line: 2, column: 1},
    {line: 2, column: 3},
    {line: 3, column: 1},
    {line: 4, column: 1},
  ])
})

test('a line ends before what ends it', () => {
  const text = 'a\r\nbc\rd\n\n'
  const lines = new LineIndex(text)
  const all = Array.from({length: lines.count}, (_, index) =>
    text.slice(lines.startOf(index + 1), lines.endOf(index + 1)),
  )
  expect(all).toEqual(['a', 'bc', 'd', '', ''])
})

test('every offset of any text is in the line that begins and ends around it', () => {
  const texts = fc.string({unit: fc.constantFrom('a', 'é', '🙂', '\n', '\r', '\r\n', '\u2028')})
  fc.assert(
    fc.property(texts, text => {
      const lines = new LineIndex(text)
      for (let offset = 0; offset <= text.length; offset += 1) {
        const {line, column} = lines.placeOf(offset)
        expect(lines.startOf(line) + column - 1).toBe(offset)
        expect(line === lines.count || offset < lines.startOf(line + 1)).toBe(true)
      }
      expect(lines.count).toBe(text.split(/\r\n|\r|\n/u).length)
    }),
  )
})
