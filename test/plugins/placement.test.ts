import {expect, test} from 'vitest'
import type {PlacedStep} from '../../src/contract.js'
import {placementOf} from '../../src/plugins/placement.js'

const step = {name: 'mount', title: 'Mount', run: async () => 'Mounted'}

test.each([{before: 'qemu'}, {after: 'qemu'}, {replacing: 'qemu'}])('a step has one place: %j', placement => {
  expect(placementOf({...step, ...placement})).toEqual(placement)
})

test('what it holds as undefined is none', () => {
  const placed: PlacedStep = {...step, after: 'qemu', before: undefined, replacing: undefined}
  expect(placementOf(placed)).toEqual({after: 'qemu'})
})

test('it may have its place from its class', () => {
  class Mount {
    readonly name = 'mount'
    readonly title = 'Mount'
    get replacing(): string {
      return 'qemu'
    }
    async run(): Promise<string> {
      return this.title
    }
  }
  expect(placementOf(new Mount())).toEqual({replacing: 'qemu'})
})
