import {expect, test} from 'vitest'
import {parseJson} from '../../src/instances/json-document.js'

test('values are those of JSON.parse, and a key called __proto__ is data', () => {
  const text = '[{"__proto__": {"a": 1}, "b": [1, null]}]'
  const document = parseJson(text)
  expect(document).toHaveProperty('root.type', 'Array')
  expect('value' in document && JSON.stringify(document.value)).toBe(JSON.stringify(JSON.parse(text)))
})

test.each([
  ['arrays', '[', ']'],
  ['objects', '{"a":', '}'],
])('500 levels of %s are read, 501 are refused at the bracket that is too deep', (_, open, close) => {
  const nested = (levels: number) => `${open.repeat(levels)}${open === '[' ? '' : '1'}${close.repeat(levels)}`
  expect(parseJson(nested(500))).toHaveProperty('root')
  expect(parseJson(nested(501))).toMatchObject({
    offset: 500 * open.length,
    message: 'nested more than 500 levels deep',
  })
})

test('100,000 levels end in an answer', () => {
  expect(parseJson('['.repeat(100_000) + ']'.repeat(100_000))).toMatchObject({offset: 500})
})

test('brackets in strings are not levels', () => {
  expect(parseJson(JSON.stringify(['['.repeat(1000), `\\"${'{'.repeat(1000)}`]))).toHaveProperty('root')
})

test('a syntax error is reported even where the text is too deep as well', () => {
  expect(parseJson(`${'['.repeat(600)}x`)).toMatchObject({offset: 600, message: 'a word without quotes'})
})
