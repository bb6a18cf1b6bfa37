import {expect, test} from 'vitest'
import {printable, quoted} from '../../src/text/printable.js'

test('text that a terminal only shows stays as it is', () => {
  expect(printable('vm-1 "größe" 日本 👩‍💻')).toBe('vm-1 "größe" 日本 👩‍💻')
})

test.each([
  ['an escape sequence', '\u001b[31m', String.raw`\u001b[31m`],
  ['a carriage return', 'a\rb', String.raw`a\u000db`],
  ['a C1 control character', '\u009b31m', String.raw`\u009b31m`],
  ['a mark that turns the direction of reading', '\u202egpj', String.raw`\u202egpj`],
  ['half a surrogate pair', '\ud800', String.raw`\ud800`],
  ['a line separator', '\u2028', String.raw`\u2028`],
])('%s is written as its escape', (_, text, shown) => {
  expect(printable(text)).toBe(shown)
})

test('a quotation is in double quotes and printable', () => {
  expect(quoted('a"\u001b\u009b')).toBe(String.raw`"a\"\u001b\u009b"`)
})

test('a long quotation is cut, and never inside a character', () => {
  expect(quoted('x'.repeat(60))).toBe(`"${'x'.repeat(60)}"`)
  expect(quoted('x'.repeat(61))).toBe(`"${'x'.repeat(60)}…"`)
  expect(quoted('👩'.repeat(1000))).toBe(`"${'👩'.repeat(60)}…"`)
})
