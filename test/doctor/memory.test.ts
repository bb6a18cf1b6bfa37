import {expect, test} from 'vitest'
import {largestDemand, memoryFinding} from '../../src/doctor/memory.js'

const largest = {instance: 'vm-1', ram: '4G', bytes: 4 * 2 ** 30}

test('memory is told without an instance', () => {
  expect(memoryFinding(2 ** 30, undefined)).toEqual({
    check: 'memory',
    subject: 'host',
    state: 'good',
    message: '1 GiB available',
    availableBytes: 2 ** 30,
  })
})

test('memory that is enough for the largest instance is good', () => {
  expect(memoryFinding(4 * 2 ** 30, largest)).toMatchObject({
    state: 'good',
    message: '4 GiB available, vm-1 wants 4G',
    wantedBytes: 4 * 2 ** 30,
  })
})

test('memory that is not is poor', () => {
  expect(memoryFinding(4 * 2 ** 30 - 1, largest)).toMatchObject({
    state: 'poor',
    hint: expect.stringContaining('"ram"'),
  })
})

test('the largest instance is the one that wants most, in whatever unit', () => {
  expect(largestDemand([])).toBeUndefined()
  expect(
    largestDemand([
      {name: 'a', ram: '900M'},
      {name: 'vm-1', ram: '4G'},
      {name: 'b', ram: '1G'},
    ]),
  ).toEqual(largest)
})
