import {expect, test} from 'vitest'
import {checkText} from '../../../src/instances/check-text.js'
import {placeProblem} from '../../../src/instances/place-problem.js'
import {LineIndex} from '../../../src/json/line-index.js'
import {prettyProblems} from '../../../src/render/problems/pretty.js'

const file = `[
  {"name": "a", "config": {"k": "S3CRET", "l": [{"m": "'S3CRET' b"}], "n": 3333}},
  {"name": "b", "config": {"k": "S3CRET"}, "ram": "4G"}
]`

/** What is shown of the mistakes in a text. */
function shown(text: string): string {
  const lines = new LineIndex(text)
  const {findings} = checkText(text, '/', {hostArchitecture: 'x86_64', instanceKeys: []})
  const problems = findings.map(finding => placeProblem(finding, 'instances.json', lines))
  return prettyProblems([{path: 'instances.json', text, problems}], {hasColors: false, columns: 200})
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

test('a key that has no value is not shown, as it may be one', () => {
  const text = '[{"name": "a", "config": {"key": {"S3CRET", "l": 1}}}]'
  expect(shown(text)).toContain('1 | [{"name": …, "config": {…: {…, …: …}}}]')
})

test.each([
  [
    'a brace that closes it too early',
    '[{"name": "a", "config": {"a": {"x": 1}}, "image": "S3CRET", "ram": "S3CRET"}}]',
  ],
  [
    'a comment that has taken its beginning',
    '[{"name": "a",\n// "config": {\n"ram": "S3CRET", "t": "S3CRET"\n// }\n}]',
  ],
])('what %s leaves of a config is not shown', (_, text) => {
  expect(shown(text)).not.toContain('S3CRET')
})

test('a config of which a comment has taken the beginning is not shown', () => {
  expect(shown(`[{"name": "a", "image": # "i", "config": {"k":\n["S3CRET"]}}]`)).not.toContain('S3CRET')
})
