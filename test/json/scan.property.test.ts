import fc from 'fast-check'
import {expect, test} from 'vitest'
import {meaningOf} from '../../src/json/node.js'
import {readTree} from '../../src/json/tree.js'
import {anyText, jsonValue} from '../arbitraries.js'
import {nearlyInstances} from '../instances/documents.js'
import {anyLayout, layOut, tokensOf} from '../instances/layouts.js'
import {faultsOf, isJson} from './faults-of.js'

const texts = fc.oneof(
  {weight: 8, arbitrary: nearlyInstances},
  anyText,
  anyText.map(content => `"${content}"`),
  jsonValue.map(value => JSON.stringify(value)),
)

test('a text has faults, each at a place inside it, where JSON.parse refuses it, and only there', () => {
  fc.assert(
    fc.property(texts, text => {
      const faults = faultsOf(text)
      const isTooDeep = faults.some(({rule}) => rule === 'vmrun/nested-too-deep')
      expect(faults.length === 0).toBe(isJson(text) && !isTooDeep)
      for (const {start, end} of faults) {
        expect(start).toBeGreaterThanOrEqual(0)
        expect(end).toBeGreaterThanOrEqual(start)
        expect(end).toBeLessThanOrEqual(text.length)
      }
    }),
    {numRuns: 1000},
  )
})

test('the tree of a text that is JSON stands for what JSON.parse makes of it, however it is laid out', () => {
  fc.assert(
    fc.property(jsonValue, anyLayout, (value, layout) => {
      const text = layOut(tokensOf(JSON.stringify(value)), layout)
      expect(JSON.stringify(meaningOf(readTree(text, 0), text))).toBe(JSON.stringify(JSON.parse(text)))
    }),
    {numRuns: 300},
  )
})

/** Mistakes of which it is plain what was meant: what is written for a piece of JSON. */
const slips: Readonly<Record<string, (piece: string) => string>> = {
  '}': () => ',}',
  ']': () => ',]',
  '{': () => '/* a comment */ {',
  '[': () => '[ # a comment\n',
}

test('a text with mistakes that are plain stands for what was meant', () => {
  const value = fc.record({a: fc.array(fc.record({b: fc.nat(), c: jsonValue}), {minLength: 1}), d: jsonValue})
  fc.assert(
    fc.property(value, meant => {
      const text = tokensOf(JSON.stringify(meant))
        .map(piece => slips[piece]?.(piece) ?? piece)
        .join(' ')
      const mended = JSON.stringify(meaningOf(readTree(text, 0), text))
      fc.pre(faultsOf(text).every(({isPlain}) => isPlain))
      expect(JSON.parse(mended)).toEqual(JSON.parse(JSON.stringify(meant)))
    }),
    {numRuns: 200},
  )
})
