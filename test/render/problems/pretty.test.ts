import {stripVTControlCharacters} from 'node:util'
import {expect, test} from 'vitest'
import {prettyProblems} from '../../../src/render/problems/pretty.js'
import {entry, validated} from './validated.js'

/** What people see of the problems of a file with this text. */
async function pretty(text: string | Uint8Array, columns = 80): Promise<string> {
  return prettyProblems([await validated(text)], {hasColors: false, columns})
}

test('a problem is told with its rule, its place, its line underlined, and what to do', async () => {
  expect(
    await pretty(`[\n  {${entry},\n    "rma": "4G"}\n]`),
  ).toBe(`error[vmrun/unknown-key]: unknown key "rma"
 --> instances.json:3:5
  |
3 |     "rma": …}
  |     ^^^^^
  = help: did you mean ram?

1 file: 1 error, 0 warnings`)
})

test('what clashes is shown with what it clashes with, and what is between them left out', async () => {
  const other = entry.replace('5', '6')
  expect(await pretty(`[{${entry}},\n{"name": "b",\n${other.slice(13)}},\n{${other}}]`)).toBe(
    `error[vmrun/duplicate-name]: "a" is listed twice with different content, first at line 1, column 11
 --> instances.json:4:10
  |
1 | [{"name": "a", "image": "a.qcow2", "timeout-seconds": 5, "config": {}}…
  |           --- first here
...
4 | {"name": "a", "image": "a.qcow2", "timeout-seconds": 6, "config": {}}]
  |          ^^^
  = help: nobody can tell which is meant: rename or remove one of the two

1 file: 1 error, 0 warnings`,
  )
})

test('two places of one line are underlined below it', async () => {
  expect(await pretty(`[{${entry}, "ram": "1G", "ram": "2G"}]`)).toContain(`
1 | …ut-seconds": 5, "config": {}, "ram": "1G", "ram": "2G"}]
  |                                ----- first here
  |                                             ^^^^^
`)
})

test('of a line that is too long for the terminal, what is around the place is shown', async () => {
  const long = `"backing-files": [${'"a file with a long name", '.repeat(1000)}"b"], "ram": 5`
  const shown = await pretty(`[{${entry}, ${long}}]`, 70)
  expect(shown).toContain('\n1 | …th a long name", "b"], "ram": 5}]\n  |                                ^\n')
  for (const line of shown.split('\n').filter(text => text.includes(' | '))) {
    expect(line.length).toBeLessThanOrEqual(70)
  }
})

test('underlines stand below what they are about, whatever the characters before it take of a line', async () => {
  const shown = await pretty(`[{${entry.replace('"a"', '"十二🙂é"')},\t"ram": 5}]`, 200)
  const [source = '', underline = ''] = shown.split('\n').slice(3)
  expect(source).toContain('  "ram": 5}]')
  // Each of the first three takes two columns.
  expect(underline.indexOf('^')).toBe(source.indexOf('5}]') + 2)
})

test('nothing of a file can act on a terminal', async () => {
  const shown = await pretty(`[{${entry.replace('a.qcow2', 'a\u009b2J\u202e.qcow2')}, "\u009b": 1}]`)
  expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
  expect(shown).toContain(String.raw`"\u009b"`)
})

test('a problem without a place has no lines of source', async () => {
  const problem = {
    rule: 'vmrun/unreadable-file',
    severity: 'error',
    file: 'a.json',
    message: 'it is gone',
    hint: 'make it',
  } as const
  expect(
    prettyProblems([{path: 'a.json', text: '', problems: [problem]}], {hasColors: false, columns: 80}),
  ).toBe(
    'error[vmrun/unreadable-file]: it is gone\n--> a.json\n = help: make it\n\n1 file: 1 error, 0 warnings',
  )
})

test('a character is not cut through', async () => {
  const shown = await pretty(`[{${entry.replace('"a"', `"${'🙂'.repeat(60)}"`)}, "ram": 5}]`)
  expect(shown).not.toMatch(/\\ud[89a-f]/u)
})

test('colours change nothing but the colours', async () => {
  const file = await validated(`[{${entry}, "rma": 1}, {${entry}}]`)
  const coloured = prettyProblems([file], {hasColors: true, columns: 80})
  expect(coloured).toContain('\u001b[')
  expect(stripVTControlCharacters(coloured)).toBe(prettyProblems([file], {hasColors: false, columns: 80}))
})

test('of files without problems the number is told', async () => {
  expect(await pretty(`[{${entry}}]`)).toBe('1 file: 0 errors, 0 warnings')
})
