import {expect, test} from 'vitest'
import {checkText} from '../../../src/instances/instances-file.js'
import {Lines, problemOf} from '../../../src/instances/problem.js'
import {prettyProblems} from '../../../src/render/problems/pretty.js'

const file = `[
  {"name": "a", "config": {"k": "S3CRET", "l": [{"m": "'S3CRET' b"}], "n": 3333}},
  {"name": "b", "config": {"k": "S3CRET"}, "ram": "4G"}
]`

/** What is shown of the mistakes in a text. */
function shown(text: string): string {
  const lines = new Lines(text)
  const {root, findings} = checkText(text, {hostArchitecture: 'x86_64', instanceKeys: []})
  const problems = findings.map(finding => problemOf(finding, 'instances.json', lines))
  return prettyProblems([{path: 'instances.json', text, root, problems}], {hasColors: false, columns: 200})
}

test.each([
  ['a character is left out', ''],
  ...Array.from('"\'{}[]:,\\\n', character => [`${JSON.stringify(character)} is mistyped`, character]),
])('no value of a config is shown where %s', (_, inserted) => {
  for (let offset = 0; offset < file.length; offset += 1) {
    for (const behind of [offset, offset + 1]) {
      const text = `${file.slice(0, offset)}${inserted}${file.slice(behind)}`
      expect(shown(text), text).not.toMatch(/S3CRE|3CRET|3333/u)
    }
  }
})

test('keys are shown, and of the values those of vmrun’s own keys', () => {
  const entry =
    '"name": "a", "config": {"k": ["x", {"l": 1}]}, "config-disk": {"kind": "cdrom", "x": "y"}, "gpu": 7'
  expect(shown(`[{${entry}, "ram": 4}]`)).toContain(
    '| [{"name": "a", "config": {"k": […, {"l": …}]}, "config-disk": {"kind": "cdrom", "x": …}, "gpu": …, "ram": 4}]',
  )
})

test('of a file that is no JSON no line is shown', () => {
  expect(shown('[{"name": "a", "image": "S3CRET",}]')).toBe(
    'error[vmrun/trailing-comma]: a comma before the closing }\n' +
      '--> instances.json:1:33\n = help: remove the comma\n\n1 file: 1 error, 0 warnings',
  )
})
