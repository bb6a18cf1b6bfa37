import {expect, test} from 'vitest'
import {isRecord} from '../../src/contract/json-value.js'

test.each([[{}], [{a: 1}], [Object.create(null)]])('an object is a record: %j', value => {
  expect(isRecord(value)).toBe(true)
})

test.each([[null], [undefined], [[]], ['text'], [7]])('%j is none', value => {
  expect(isRecord(value)).toBe(false)
})
