import {execFileSync} from 'node:child_process'
import {expect, test} from 'vitest'
import {shellWord} from '../../src/text/shell-word.js'
import {hostileNames} from '../qemu/hostile-names.js'

const words: readonly string[] = [
  ...hostileNames,
  '',
  ' ',
  '~',
  '*',
  '#',
  "'",
  "''",
  "'\\''",
  '"',
  '\\',
  'a&b;c|d',
  '$(touch x)',
  '!history',
  '{a,b}',
  '=x',
  'A=b',
  '\ttab',
  '{"driver":"qcow2","file":{"filename":"/a b"}}',
]

test.each(words)('a shell reads the word %j as it is', word => {
  const script = `printf '%s\\0' before ${shellWord(word)} after`
  const printed = execFileSync('sh', ['-c', script], {encoding: 'utf8', env: {PATH: process.env['PATH']}})
  expect(printed.split('\0')).toEqual(['before', word, 'after', ''])
})

test('words without a meaning for a shell are left alone', () => {
  const command = ['/usr/bin/qemu-img', 'create', '-F', 'qcow2', 'a_b,c=d:e%f+g@h', '80G']
  expect(command.map(shellWord)).toEqual(command)
})
