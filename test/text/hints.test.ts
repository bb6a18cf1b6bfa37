import {expect, test} from 'vitest'
import {hints} from '../../src/text/hints.js'

test('hints become one, as far as there are any', () => {
  expect(hints('did you mean ram?', 'or mend the plugin')).toBe('did you mean ram?; or mend the plugin')
  expect(hints(undefined, 'mend the plugin')).toBe('mend the plugin')
  expect(hints(undefined, undefined)).toBeUndefined()
})
