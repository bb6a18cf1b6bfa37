import fc from 'fast-check'
import {expect, test} from 'vitest'
import {longestLine, WordReader} from '../../src/guest/words.js'

function wordsIn(...chunks: ReadonlyArray<string | Uint8Array>): unknown {
  const reader = new WordReader()
  const words = chunks.flatMap(chunk =>
    reader.read(typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk)),
  )
  return {words, strange: reader.strange}
}

test.each([
  ['ready\n', [{word: 'ready'}]],
  ['busy\r\nidle\n', [{word: 'busy'}, {word: 'idle'}]],
  ['status cloning a  repository\n', [{word: 'status', text: 'cloning a  repository'}]],
  [
    'exit 0\nexit 255\n',
    [
      {word: 'exit', code: 0},
      {word: 'exit', code: 255},
    ],
  ],
  ['ready', []],
])('%j tells words', (text, words) => {
  expect(wordsIn(text)).toEqual({words, strange: 0})
})

test.each([
  ...['', 'Ready', 'ready now', 'exit', 'exit 256', 'exit -1', 'exit 7 8', 'exit 0x7', 'status', 'quit'],
  ...['x'.repeat(longestLine + 1), `status ${'x'.repeat(longestLine)}`],
])('the line %j is no word', line => {
  expect(wordsIn(`${line}\nready\n`)).toEqual({words: [{word: 'ready'}], strange: 1})
})

test('a line that is no UTF-8 is no word', () => {
  expect(wordsIn(Uint8Array.of(0x73, 0xff, 0x0a), 'busy\n')).toEqual({words: [{word: 'busy'}], strange: 1})
})

test('words are the same however they are cut into chunks', () => {
  const line = fc.oneof(
    fc.constantFrom('ready', 'busy', 'exit 7', 'status a b', 'é', ''),
    fc.string({maxLength: 2 * longestLine, unit: 'binary'}),
  )
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(3000)), (lines, cuts) => {
      const bytes = Buffer.from(`${lines.join('\n')}\n`)
      const places = [0, ...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
      const chunks = places.map((place, index) => bytes.subarray(places[index - 1] ?? 0, place))
      expect(wordsIn(...chunks)).toEqual(wordsIn(bytes))
    }),
  )
})

test('whatever a guest sends, no more than a line is kept', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({maxLength: 5000})), chunks => {
      const reader = new WordReader()
      for (const chunk of chunks) {
        for (const word of reader.read(Buffer.from(chunk))) {
          expect(JSON.stringify(word).length).toBeLessThan(8 * longestLine)
        }
      }
    }),
  )
})
