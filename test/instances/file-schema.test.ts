import {expect, test} from 'vitest'
import {z} from 'zod'
import {documentKeys, fileSchema} from '../../src/instances/file-schema.js'

const schema = fileSchema(z.string())

test.each<[unknown]>([
  [[]],
  [['vm-1']],
  [{instances: []}],
  [{instances: ['vm-1']}],
  [{$schema: './instances.schema.json', instances: ['vm-1']}],
])('a file may be %j', file => {
  expect(schema.parse(file)).toEqual(file)
})

test.each<[unknown]>([
  ['vm-1'],
  [null],
  [[1]],
  [{}],
  [{$schema: 'x'}],
  [{instances: 'vm-1'}],
  [{instances: [1]}],
  [{$schema: 1, instances: []}],
  [{instances: [], version: 1}],
  [{Instances: []}],
])('a file may not be %j', file => {
  expect(schema.safeParse(file).success).toBe(false)
})

test('the keys of a file that is an object are told with what they mean and an example', () => {
  expect(Object.keys(documentKeys)).toEqual(['$schema', 'instances'])
  for (const key of Object.values(documentKeys)) {
    expect(key.meta()).toEqual({
      description: expect.stringMatching(/^[A-Z].*\.$/u),
      examples: [expect.anything()],
    })
  }
})
