import {expect, test} from 'vitest'
import {capitalized} from '../../src/text/capitalized.js'

test.each([
  ['this host is riscv64', 'This host is riscv64'],
  ['KVM works', 'KVM works'],
  ['', ''],
])('%j begins with a large letter', (text, sentence) => {
  expect(capitalized(text)).toBe(sentence)
})
