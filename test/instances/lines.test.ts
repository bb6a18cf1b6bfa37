import fc from 'fast-check'
import {expect, test} from 'vitest'
import {Lines} from '../../src/instances/problem.js'

test('lines end by LF, CR LF and CR, and count from 1, as columns do', () => {
  const lines = new Lines('a\r\nbc\rd\n')
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
  const lines = new Lines(text)
  expect([1, 2, 3, 4, 5].map(line => text.slice(lines.startOf(line), lines.endOf(line)))).toEqual([
    ...['a', 'bc', 'd', '', ''],
  ])
})

test('every offset of any text is in the line that begins and ends around it', () => {
  const texts = fc.string({unit: fc.constantFrom('a', 'é', '🙂', '\n', '\r', '\r\n', '\u2028')})
  fc.assert(
    fc.property(texts, text => {
      const lines = new Lines(text)
      const starts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/gu), end => end.index + end[0].length)]
      for (let offset = 0; offset <= text.length; offset += 1) {
        const {line, column} = lines.placeOf(offset)
        expect(lines.startOf(line) + column - 1).toBe(offset)
        expect(line).toBe(starts.filter(start => start <= offset).length)
      }
    }),
  )
})
