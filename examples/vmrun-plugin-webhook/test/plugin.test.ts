import {expect, test} from 'vitest'
import plugin from '../src/plugin.js'

test('it contributes the key and the step, for version 1 of the contract', async () => {
  const {apiVersion, instanceKeys, steps} = await plugin()
  expect(apiVersion).toBe(1)
  expect(instanceKeys?.map(({name}) => name)).toEqual(['webhook'])
  expect(steps).toEqual([expect.objectContaining({name: 'webhook', after: 'cleanup', always: true})])
})
