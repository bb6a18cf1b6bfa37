import fc from 'fast-check'
import {expect, test} from 'vitest'
import {parsePlaceholders, resolvePlaceholders} from '../../../src/instances/placeholders/placeholders.js'
import {anyText, jsonObject} from '../../arbitraries.js'
import {literal, literalsIn} from '../literals.js'

test('any text stands for itself once each ${{ in it is written $${{', () => {
  fc.assert(
    fc.property(anyText, text => {
      expect(Array.from(parsePlaceholders(literal(text))).join('')).toBe(text)
    }),
    {numRuns: 2000},
  )
})

test('a config of any shape comes out as it went in once each ${{ in it is written $${{', async () => {
  await fc.assert(
    fc.asyncProperty(jsonObject, async config => {
      const resolved = await resolvePlaceholders({name: 'vm-1', config: literalsIn(config)}, new Map())
      expect(JSON.stringify(resolved)).toBe(JSON.stringify(config))
    }),
  )
})

/** What an argument may be: it ends before the first }}, and the blanks around it are not part of it. */
const argument = anyText.map(text => text.replaceAll('}', '').trim()).filter(text => text !== '')
const source = fc.stringMatching(/^[A-Za-z][\w-]{0,9}$/u)
const blank = fc.constantFrom('', ' ', '\n', '\t ')
/** What stands before a placeholder: a $ there would make it a literal. */
const textBefore = anyText.map(text => text.replace(/\$+$/u, ''))

test('placeholders among any texts give exactly what their sources give, and are asked for by exact argument', async () => {
  const piece = fc.record({before: textBefore, blank, source, argument, value: anyText})
  await fc.assert(
    fc.asyncProperty(fc.array(piece, {minLength: 1}), anyText, async (pieces, after) => {
      const values = new Map(pieces.map(one => [`${one.source}:${one.argument}`, one.value]))
      const sources = new Map(
        pieces.map(one => [
          one.source,
          (asked: string) => Promise.resolve(values.get(`${one.source}:${asked}`) ?? `asked for ${asked}`),
        ]),
      )
      const written = pieces.map(
        one =>
          `${literal(one.before)}\${{${one.blank}${one.source}:${one.blank}${one.argument}${one.blank}}}`,
      )
      const text = `${written.join('')}${literal(after)}`
      const expected = pieces.map(one => `${one.before}${values.get(`${one.source}:${one.argument}`)}`)
      expect(await resolvePlaceholders({name: 'vm-1', config: {text}}, sources)).toEqual({
        text: `${expected.join('')}${after}`,
      })
    }),
    {numRuns: 300},
  )
})
