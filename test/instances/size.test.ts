import {expect, test} from 'vitest'
import {UsageError} from '../../src/errors/errors.js'
import {sizeInBytes, sizePattern} from '../../src/instances/size.js'

test.each([
  ['1K', 1024],
  ['512M', 536_870_912],
  ['80G', 85_899_345_920],
  ['2T', 2_199_023_255_552],
  ['8191T', 9_006_099_743_113_216],
])('%s is %d bytes', (size, bytes) => {
  expect(sizeInBytes(size)).toBe(bytes)
  expect(size).toMatch(new RegExp(sizePattern, 'u'))
})

test.each([
  ['4GB', 'write "4G"'],
  ['4GiB', 'write "4G"'],
  ['4 G', 'write "4G"'],
  ['4g', 'write "4G"'],
  ['04G', 'write "4G"'],
  ['4G\n', 'write "4G"'],
  ['4096', 'add the unit: K, M, G or T'],
  ['0G', 'it has to be more than zero'],
  ['8192T', 'it has to be less than 8192T'],
])('%s is refused with what to write instead', (size, hint) => {
  expect(() => sizeInBytes(size)).toThrow(UsageError)
  expect(() => sizeInBytes(size)).toThrow(expect.objectContaining({hint}))
})

test.each(['', 'G', '1.5G', '-1G', '4E', '٤G', '0.1K', 'large'])('%j is refused', size => {
  expect(() => sizeInBytes(size)).toThrow('must be a whole number and one of K, M, G and T')
  expect(() => sizeInBytes(size)).toThrow(expect.objectContaining({hint: undefined}))
})

test('a message names what is to be a size', () => {
  expect(() => sizeInBytes('64', '--output-limit')).toThrow(
    '--output-limit must be a whole number and one of K, M, G and T, such as "4G", not "64"',
  )
})
