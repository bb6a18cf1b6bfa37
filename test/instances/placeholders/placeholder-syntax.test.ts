import {expect, test} from 'vitest'
import {parsePlaceholders} from '../../../src/instances/placeholders/placeholders.js'

function textOf(text: string): string {
  return Array.from(parsePlaceholders(text))
    .map(segment => {
      if (typeof segment === 'string') {
        return segment
      }
      return 'mistake' in segment
        ? `<mistake: ${segment.mistake}>`
        : `<${segment.source}|${segment.argument}>`
    })
    .join('')
}

test.each([
  ['plain $ text {{ }} ${x}', 'plain $ text {{ }} ${x}'],
  ['${{ env:A }}', '<env|A>'],
  ['${{env:A}}', '<env|A>'],
  ['${{\n env : A \t}}', '<env|A>'],
  ['a${{env:A}}b${{file:/x y}}c', 'a<env|A>b<file|/x y>c'],
  ['${{env:A}}${{env:B}}', '<env|A><env|B>'],
  ['${{ file:C:/a:b{c} }}', '<file|C:/a:b{c}>'],
  ['${{ my-vault2:a/b#c }}', '<my-vault2|a/b#c>'],
  ['$${{ env:A }}', '${{ env:A }}'],
  ['a$${{b$${{', 'a${{b${{'],
  ['$$${{ env:A }}', '$${{ env:A }}'],
  ['$${{${{ env:A }}', '${{<env|A>'],
  ['${{ env:A }}$${{', '<env|A>${{'],
  ['${{ env:A }}}', '<env|A>}'],
])('%s is %s', (text, expected) => {
  expect(textOf(text)).toBe(expected)
})

test.each([
  ['${{ env:A', '<mistake: a placeholder is not closed with }}>'],
  ['${{ }}', '<mistake: a placeholder does not consist of a name, a colon and an argument>'],
  ['${{ A }}', '<mistake: a placeholder does not consist of a name, a colon and an argument>'],
  ['${{ 1:A }}', '<mistake: a placeholder does not consist of a name, a colon and an argument>'],
  ['${{ env: }}', '<mistake: a placeholder has nothing behind its colon>'],
])('%s is malformed', (text, expected) => {
  expect(textOf(text)).toBe(expected)
})
