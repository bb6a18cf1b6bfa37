import fc from 'fast-check'
import {expect, test} from 'vitest'
import {OutputTail} from '../../src/console/output-tail.js'

function linesOf(...chunks: readonly (string | Uint8Array)[]): readonly string[] {
  const tail = new OutputTail()
  for (const chunk of chunks) {
    tail.keep(Buffer.from(chunk))
  }

  return tail.lines()
}

test('of nothing there is no line', () => {
  expect(linesOf()).toEqual([])
  expect(linesOf('\r\n\n ')).toEqual([])
})

test('the last twenty lines are kept', () => {
  const lines = Array.from({length: 50}, (_, index) => `line ${index}`)
  expect(linesOf(`${lines.join('\r\n')}\r\n`)).toEqual(lines.slice(-20))
})

test('nothing in them acts on a terminal', () => {
  expect(linesOf('\u001b[2Ja\u202eb\tc\u0007\n')).toEqual(['ab\tc'])
})

test('of a line that never ends the last 64 KiB are kept', () => {
  const [line] = linesOf('a'.repeat(100_000), 'b')
  expect(line).toBe(`${'a'.repeat(65_535)}b`)
})

test('the last of it is the same however it is cut into chunks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.constantFrom('x'.repeat(9000), 'line\n', 'ä')), {minLength: 1}),
      parts => {
        const chunks = parts.map(part => part.join(''))
        const all = Buffer.from(chunks.join('')).subarray(-65_536)
        expect(linesOf(...chunks)).toEqual(linesOf(all))
      },
    ),
  )
})
