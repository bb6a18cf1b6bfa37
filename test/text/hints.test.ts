import {readFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {hints, knownPluginHint} from '../../src/text/hints.js'

test('hints become one, as far as there are any', () => {
  expect(hints('did you mean ram?', 'or mend the plugin')).toBe('did you mean ram?; or mend the plugin')
  expect(hints(undefined, 'mend the plugin')).toBe('mend the plugin')
  expect(hints(undefined, undefined)).toBeUndefined()
})

const examples = new URL('../../examples/', import.meta.url)

test.each([
  ['arch', 's390x', 'vmrun-plugin-s390x', 'src/s390x.ts'],
  ['key', 'webhook', 'vmrun-plugin-webhook', 'src/receiver.ts'],
] as const)('the %s %s is known to be of %s, which has it', async (kind, name, plugin, source) => {
  expect(knownPluginHint(kind, name)).toBe(
    `the plugin ${plugin} adds it: "vmrun plugins" lists those that this user has`,
  )
  expect(await readFile(new URL(`${plugin}/${source}`, examples), 'utf8')).toContain(`name: '${name}'`)
  expect(await readFile(new URL(`${plugin}/package.json`, examples), 'utf8')).toContain(`"name": "${plugin}"`)
})

test.each(['vax', '__proto__', 'constructor'])('nobody is known to have %s', name => {
  expect(knownPluginHint('arch', name)).toBeUndefined()
})
