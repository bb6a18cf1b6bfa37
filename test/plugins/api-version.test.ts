import {expect, test} from 'vitest'
import {foreignApiVersion} from '../../src/plugins/api-version.js'

const found = {name: 'vmrun-plugin-new', version: '1.0.0', isOwn: false, type: 'user'}

test('a definition for this version of the contract is no foreign one, whatever else it holds', () => {
  expect(foreignApiVersion({apiVersion: 1, steps: 'nonsense'}, found)).toBeUndefined()
})

test.each([undefined, null, 7, 'plugin', [], () => ({apiVersion: 1})])(
  'what is no definition is told as such, with what its author has to do: %s',
  definition => {
    expect(foreignApiVersion(definition, found)).toEqual({
      message: 'its hook gives no definition',
      hint: expect.stringContaining('export default definePlugin({apiVersion: 1, …})'),
    })
  },
)

test.each([undefined, null, '1', 1.5, 0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
  'what is no version is told as such: %s',
  apiVersion => {
    expect(foreignApiVersion({apiVersion}, found)).toEqual({message: 'apiVersion: expected 1'})
  },
)

test('another version is told with the vmrun that the plugin says it needs', () => {
  expect(foreignApiVersion({apiVersion: 2}, {...found, needs: '>=2.0.0'})).toEqual({
    message: "it is written for version 2 of vmrun's plugin interface, and this vmrun has version 1",
    hint: 'Install a newer vmrun (the plugin asks for >=2.0.0), or an older version of the plugin.',
  })
})

test('or without, where it does not say so', () => {
  expect(foreignApiVersion({apiVersion: 2}, found)?.hint).toBe(
    'Install a newer vmrun, or an older version of the plugin.',
  )
})
