import {type FileHandle, open} from 'node:fs/promises'
import {expect, onTestFinished, test} from 'vitest'
import {
  descriptorOf,
  inherit,
  inheritedArguments,
  inheritedNames,
  setOf,
} from '../../../src/qemu/machine/inherited-files.js'

test('each file gets a name, a set and a descriptor of its own', async () => {
  const file = await open('/dev/null')
  onTestFinished(() => file.close())
  const inherited: FileHandle[] = []
  expect([inherit(inherited, file), inherit(inherited, file)]).toEqual(['/dev/fdset/1', '/dev/fdset/2'])
  expect(inheritedNames(inherited)).toEqual(['/dev/fdset/1', '/dev/fdset/2'])
  expect(inheritedArguments(inherited)).toEqual(['-add-fd', 'fd=5,set=1', '-add-fd', 'fd=6,set=2'])
  expect([descriptorOf(0), descriptorOf(1)]).toEqual([5, 6])
  expect(setOf('/dev/fdset/2')).toBe(2)
})

test('without files there is nothing to tell', () => {
  expect(inheritedArguments([])).toEqual([])
})
