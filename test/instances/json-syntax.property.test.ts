import fc from 'fast-check'
import {expect, test} from 'vitest'
import {findSyntaxFault} from '../../src/instances/json-syntax.js'
import {anyText, jsonValue} from '../arbitraries.js'
import {nearlyInstances} from './documents.js'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('a text has a fault, at a place inside it, where JSON.parse refuses it, and only there', () => {
  const text = fc.oneof(
    {weight: 8, arbitrary: nearlyInstances},
    anyText,
    anyText.map(content => `"${content}"`),
    jsonValue.map(value => JSON.stringify(value)),
  )
  fc.assert(
    fc.property(text, candidate => {
      const fault = findSyntaxFault(candidate)
      expect(fault === undefined).toBe(isJson(candidate))
      expect(fault?.offset ?? 0).toBeGreaterThanOrEqual(0)
      expect(fault?.offset ?? 0).toBeLessThanOrEqual(candidate.length)
    }),
    {numRuns: 1000},
  )
})
