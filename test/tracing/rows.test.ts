import {expect, test} from 'vitest'
import {Rows} from '../../src/tracing/rows.js'

test('the first row is that of this process', () => {
  expect(new Rows().all()).toEqual([{id: process.pid, name: 'vmrun'}])
})

test('a process has the row of its id', () => {
  const rows = new Rows()
  expect(rows.ofProcess(77, 'qemu-system-x86_64')).toEqual({id: 77, name: 'qemu-system-x86_64'})
  expect(rows.ofProcess(77, 'qemu-system-x86_64')).toBe(rows.ofProcess(77, 'qemu-system-x86_64'))
})

test('a row that is no process’s has an id that no process has', () => {
  expect(new Rows().named('QMP').id).toBeGreaterThan(2 ** 22)
})

test('there is one row of a name, and it is the first that is taken', () => {
  const rows = new Rows()
  const row = rows.named('steps')
  expect(rows.named('steps')).toBe(row)
  expect(rows.take('steps').row).toBe(row)
})

test('a row that is taken is nobody else’s until it is given back', () => {
  const rows = new Rows()
  const first = rows.take('steps')
  expect(rows.take('steps').row.name).toBe('steps 2')
  first.giveBack()
  expect(rows.take('steps').row).toBe(first.row)
  expect(rows.take('QMP').row.name).toBe('QMP')
})
