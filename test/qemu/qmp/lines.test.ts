import {expect, test} from 'vitest'
import {LineSplitter} from '../../../src/qemu/qmp/lines.js'

function linesOf(chunks: readonly Uint8Array[], limit = 1000): readonly string[] {
  const splitter = new LineSplitter(limit)
  return chunks.flatMap(chunk => [...splitter.push(Buffer.from(chunk))])
}

/** A text in chunks of so many bytes. */
function inChunks(text: string, size: number): readonly Buffer[] {
  const bytes = Buffer.from(text)
  return Array.from({length: Math.ceil(bytes.length / size)}, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

const multilingual = 'one\n\nzwölf – 十二 🙂\r\nlast\n'

test.each([1, 2, 3, 5, 7, 1000])('lines are the same in chunks of %d bytes', size => {
  expect(linesOf(inChunks(multilingual, size))).toEqual(['one', '', 'zwölf – 十二 🙂\r', 'last'])
})

test('a line is given when it is complete, and not before', () => {
  const splitter = new LineSplitter(1000)
  expect([...splitter.push(Buffer.from('on'))]).toEqual([])
  expect([...splitter.push(Buffer.from('e\ntw'))]).toEqual(['one'])
  expect([...splitter.push(Buffer.from('o\n'))]).toEqual(['two'])
})

test.each([
  ['U+2028', '\u2028'],
  ['U+2029', '\u2029'],
  ['U+0085', '\u0085'],
  ['a carriage return', '\r'],
  ['a form feed', '\f'],
  ['NUL', '\0'],
])('%s ends no line', (_, character) => {
  expect(linesOf([Buffer.from(`a${character}b\n`)])).toEqual([`a${character}b`])
})

test.each([
  ['in one chunk', 11],
  ['in many', 1],
])('a line at the limit is taken %s, one over it is not', (_, size) => {
  expect(linesOf(inChunks('1234567890\n', size), 10)).toEqual(['1234567890'])
  expect(() => linesOf(inChunks('12345678901\n', size), 10)).toThrow(RangeError)
})

test('a line over the limit is refused before it is complete', () => {
  expect(() => linesOf([Buffer.from('12345678901')], 10)).toThrow(RangeError)
})

test('the limit is that of one line, not of all', () => {
  expect(linesOf([Buffer.from('12345678\n'.repeat(100))], 10)).toHaveLength(100)
})

test('the lines before one that is too long are given', () => {
  const splitter = new LineSplitter(10)
  const lines: string[] = []
  expect(() => {
    for (const line of splitter.push(Buffer.from('one\ntwo\n12345678901'))) {
      lines.push(line)
    }
  }).toThrow(RangeError)
  expect(lines).toEqual(['one', 'two'])
})
