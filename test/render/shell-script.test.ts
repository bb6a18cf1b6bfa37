import {execFileSync} from 'node:child_process'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {planScript, shellWord} from '../../src/render/shell-script.js'
import {anyText, argumentText} from '../arbitraries.js'
import {hostileNames} from '../qemu/hostile-names.js'

test('titles are comments, and commands stand below them', () => {
  expect(
    planScript([
      {name: 'overlay', title: 'Overlay: 1 GiB', commands: [['mkdir', 'a b'], ['true']]},
      {name: 'timeout-watch', title: 'Guest: runs', commands: []},
      {name: 'cleanup', title: 'Cleanup', commands: [['rm', '-r', 'a b']]},
    ]),
  ).toBe("# Overlay: 1 GiB\nmkdir 'a b'\ntrue\n# Guest: runs\n# Cleanup\nrm -r 'a b'")
})

test.each(['a\necho injected', 'a\r\necho injected', 'a\u2028echo injected', '\u001b[2J'])(
  'a title stays a comment and cannot act on a terminal: %j',
  title => {
    const script = planScript([{name: 'x', title, commands: []}])
    expect(script).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
    expect(execFileSync('sh', ['-c', script], {encoding: 'utf8'})).toBe('')
  },
)

test('a shell reads any words as they are, below any title', () => {
  fc.assert(
    fc.property(anyText, fc.array(argumentText), (title, anyWords) => {
      const script = planScript([{name: 'x', title, commands: [['printf', '%s\\0', 'before', ...anyWords]]}])
      const printed = execFileSync('sh', ['-c', script], {encoding: 'utf8', env: {PATH: process.env['PATH']}})
      expect(printed.split('\0')).toEqual(['before', ...anyWords, ''])
    }),
    {numRuns: 100},
  )
})

const words: readonly string[] = [
  ...[
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
  ],
  ...['{a,b}', '=x', 'A=b', '\ttab', '{"driver":"qcow2","file":{"filename":"/a b"}}'],
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
