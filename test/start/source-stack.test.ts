import {createRequire} from 'node:module'
import {expect, test} from 'vitest'
import {sourceStack} from '../../src/start/source-stack.js'

const built = createRequire(import.meta.url)('../../dist/vmrun.cjs')

/** The stack trace of a mistake in the code that users run. */
function stackOfMistake(): string {
  try {
    built['instances/json-schema'].fileJsonSchema(undefined)
  } catch (error) {
    return error instanceof Error ? (error.stack ?? '') : ''
  }

  return ''
}

test('names the places in the source', () => {
  const stack = stackOfMistake()
  expect(stack).toMatch(/fileJsonSchema \(.*dist\/vmrun\.cjs:\d+:\d+\)/u)
  expect(sourceStack(stack)).toMatch(/fileJsonSchema \(src\/instances\/json-schema\.ts:\d+:\d+\)/u)
})

test('leaves places elsewhere, and those in a file whose source is not known, as they are', () => {
  const stack = [
    'Error: why',
    '    at one (/srv/vmrun-plugin/dist/plugin.js:1:2)',
    '    at two (/srv/none/dist/vmrun.cjs:3:4)',
  ].join('\n')
  expect(sourceStack(stack)).toBe(stack)
})
