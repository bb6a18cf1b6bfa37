import {expect, test} from 'vitest'
import {padded} from '../../src/render/padded.js'

test.each([
  ['good', 'good   '],
  ['missing', 'missing'],
  ['虚拟机', '虚拟机 '],
])('%s is filled up to seven columns', (cell, filled) => {
  expect(padded(cell, 7)).toBe(filled)
})
