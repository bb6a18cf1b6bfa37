import {stripVTControlCharacters} from 'node:util'
import {expect, test} from 'vitest'
import {entry, fileWith, shownAs, validated} from './validated.js'

/** What people see of the problems of a file with this text. */
async function pretty(text: string, columns = 80): Promise<string> {
  return await shownAs('pretty', await validated(text), {columns})
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

test('of what clashes the second is shown, and where the first is', async () => {
  expect(await pretty(`[{${entry}, "ram": "1G", "ram": "2G"}]`)).toBe(
    `error[vmrun/duplicate-key]: the key "ram" stands twice in one object, first at line 1, column 72
 --> instances.json:1:85
  |
1 | …5, "config": {}, "ram": "1G", "ram": "2G"}]
  |                                ^^^^^
  = help: remove one of the two

1 file: 1 error, 0 warnings`,
  )
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
  const problem = {rule: 'vmrun/unreadable-file', severity: 'error', file: 'a.json', message: 'gone'} as const
  expect(await shownAs('pretty', fileWith({...problem, hint: 'make it'}))).toBe(
    'error[vmrun/unreadable-file]: gone\n--> a.json\n = help: make it\n\n1 file: 1 error, 0 warnings',
  )
})

test('a character is not cut through', async () => {
  const shown = await pretty(`[{${entry.replace('"a"', `"${'🙂'.repeat(60)}"`)}, "ram": 5}]`)
  expect(shown).not.toMatch(/\\ud[89a-f]/u)
})

test('colours change nothing but the colours', async () => {
  const file = await validated(`[{${entry}, "rma": 1}, {${entry}}]`)
  const coloured = await shownAs('pretty', file, {hasColors: true})
  expect(coloured).toContain('\u001b[')
  expect(stripVTControlCharacters(coloured)).toBe(await shownAs('pretty', file))
})

test('of files without problems the number is told', async () => {
  expect(await pretty(`[{${entry}}]`)).toBe('1 file: 0 errors, 0 warnings')
})

test('keys are shown, and of the values those of vmrun’s own keys', async () => {
  const keys =
    '"config": {"k": ["x", {"l": 1}], "name": "y"}, "config-disk": {"kind": "cdrom", "x": "y"}, "gpu": 7'
  for (const [begin, end] of [
    ['[', ']'],
    ['{"instances": ["x", ', ']}'],
  ]) {
    expect(await pretty(`${begin}{"name": "a", ${keys}}${end}`, 200)).toContain(
      `| ${begin?.replace('"x"', '…')}{"name": "a", "config": {"k": […, {"l": …}], "name": …}, "config-disk": {"kind": "cdrom", "x": …}, "gpu": …}${end}\n`,
    )
  }
})

const secretFile = `[
  {"name": "a", "config": {"k": "S3CRET", "l": [{"m": "'S3CRET' b"}], "n": 3333}},
  {"name": "b", "config": {"k": "S3CRET"}, "ram": "4G"}
]`

test.each([
  ['a character is left out', ''],
  ...Array.from('"{},\\', character => [`${JSON.stringify(character)} is mistyped`, character]),
])('no value of a config is shown where %s', async (_, inserted) => {
  for (let offset = 0; offset < secretFile.length; offset += 1) {
    for (const behind of [offset, offset + 1]) {
      const text = `${secretFile.slice(0, offset)}${inserted}${secretFile.slice(behind)}`
      expect(await pretty(text, 200), text).not.toMatch(/S3CRE|3CRET|3333/u)
    }
  }
})

test('of a file that is no JSON no line is shown', async () => {
  expect(await pretty('[{"name": "a", "image": "S3CRET",}]')).toBe(
    'error[vmrun/trailing-comma]: a comma that has no value before or behind it\n' +
      '--> instances.json:1:33\n = help: remove it, or write the value\n\n1 file: 1 error, 0 warnings',
  )
})
