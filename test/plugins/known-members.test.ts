import {expect, test} from 'vitest'
import {z} from 'zod'
import {knownMembers} from '../../src/plugins/known-members.js'

const size = z.strictObject({bytes: z.int(), unit: z.string().optional()})
const disk = z.strictObject({name: z.string(), size: size.optional()}).refine(() => true)
const schema = z.strictObject({
  disks: z.array(disk).optional(),
  other: z.union([size, z.string()]).optional(),
})

test.each([
  [[], ['disks', 'other']],
  [
    ['disks', 0],
    ['name', 'size'],
  ],
  [
    ['disks', 7, 'size'],
    ['bytes', 'unit'],
  ],
  [['disks'], []],
  [['disks', 0, 'name'], []],
  [['disks', 0, 'nothing', 'more'], []],
  [['other'], []],
])('at %j a schema knows %j', (path, members) => {
  expect(knownMembers(schema, path)).toEqual(members)
})
