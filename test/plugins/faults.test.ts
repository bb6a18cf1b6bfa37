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

const boom = (): never => {
  throw new Error('boom')
}
const unreadable = (member: string, value: object = {}): object =>
  Object.defineProperty({...value}, member, {enumerable: true, get: boom})

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
    [{disk: []}, ['the member disk is not known (did you mean disks?)']],
    [
      {disks: [{...floppy, nmae: 'x', sise: 1}]},
      [
        'disks[0] "floppy": the member nmae is not known (did you mean name?)',
        'disks[0] "floppy": the member sise is not known (did you mean size?)',
      ],
    ],
    [
      {disks: [{...floppy, size: {...floppy.size, byte: 1}}]},
      ['disks[0] "floppy": size: the member byte is not known (did you mean bytes?)'],
    ],
    [{colour: 'red'}, ['the member colour is not known']],
  ])('%j', (value, faults) => {
    expect(faultsOf(schema, value)).toEqual(faults)
  })
})

describe('one that cannot be read is told as well:', () => {
  test.each([
    ['disks: cannot be read: boom', unreadable('disks')],
    ['disks[0] "floppy": size: cannot be read: boom', {disks: [unreadable('size', floppy)]}],
    [
      'disks[0] "floppy": size.bytes: cannot be read: boom',
      {disks: [{...floppy, size: unreadable('bytes')}]},
    ],
    ['disks[1]: name: cannot be read: boom', {disks: [floppy, unreadable('name')]}],
    ['disks[0]: name: cannot be read: boom', {disks: [new Proxy(floppy, {get: boom})]}],
    ['cannot be read: boom', new Proxy({}, {ownKeys: boom})],
  ])('%s', (fault, value) => {
    expect(faultsOf(schema, value)).toEqual([fault])
  })

  test('only without its place where nothing tells that', () => {
    class Hidden {
      get disks(): never {
        return boom()
      }
    }
    expect(faultsOf(schema, new Hidden())).toEqual(['cannot be read: boom'])
  })
})
