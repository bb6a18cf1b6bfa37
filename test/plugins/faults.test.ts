import {describe, expect, test} from 'vitest'
import {z} from 'zod'
import {faultsOf} from '../../src/plugins/faults.js'

const schema = z.strictObject({
  version: z.literal(1).optional(),
  disks: z
    .array(z.strictObject({name: z.string(), size: z.strictObject({bytes: z.int().min(0)})}))
    .optional(),
})
const floppy = {name: 'floppy', size: {bytes: 1_474_560}}

test('what holds has none', () => {
  expect(faultsOf(schema, {version: 1, disks: [floppy]})).toEqual([])
})

describe('each is told by contribution and member:', () => {
  test.each([
    [undefined, ['expected object, received undefined']],
    [{version: 2}, ['version: expected 1']],
    [{disks: {}}, ['disks: expected array, received object']],
    [{disks: [floppy, 7]}, ['disks[1]: expected object, received number']],
    [
      {disks: [{...floppy, size: {}}]},
      ['disks[0] "floppy": size.bytes: expected number, received undefined'],
    ],
    [{disks: [{...floppy, name: 7}]}, ['disks[0]: name: expected string, received number']],
    [
      {disks: [{...floppy, tray: 1, door: 2}]},
      ['disks[0] "floppy": the member tray is not known', 'disks[0] "floppy": the member door is not known'],
    ],
    [
      {disks: [{...floppy, size: {...floppy.size, unit: 'K'}}]},
      ['disks[0] "floppy": size: the member unit is not known'],
    ],
    [{disk: []}, ['the member disk is not known']],
    [
      {disks: [{...floppy, nmae: 'x', sise: 1}]},
      ['disks[0] "floppy": the member nmae is not known', 'disks[0] "floppy": the member sise is not known'],
    ],
    [
      {disks: [{...floppy, size: {...floppy.size, byte: 1}}]},
      ['disks[0] "floppy": size: the member byte is not known'],
    ],
    [{colour: 'red'}, ['the member colour is not known']],
  ])('%j', (value, faults) => {
    expect(faultsOf(schema, value)).toEqual(faults)
  })
})
