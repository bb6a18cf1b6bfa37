import {describe, expect, test} from 'vitest'
import type {Architecture} from '../../../src/contract/architecture.js'
import {aarch64} from '../../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'
import {firmwareWith, probed} from './probed.js'

describe('an accelerator is unsound that does not execute', () => {
  test.each<[string, Architecture, readonly number[], readonly number[]]>([
    ['the jump to protected mode', x86_64, [0x66, 0xea], [0xeb, 0xfe]],
    ['the return from an interrupt', x86_64, [0xcf, 0xb0, 0x10], [0xf4, 0xb0, 0x10]],
    ['the jump to the code', x86_64, [0xe9, 0x0d, 0xfe], [0xeb, 0xfe, 0x90]],
    ['the return from an exception', aarch64, [0xe0, 0x03, 0x9f, 0xd6], [0x00, 0x00, 0x00, 0x14]],
    ['the call that turns the machine off', aarch64, [0x02, 0x00, 0x00, 0xd4], [0x1f, 0x20, 0x03, 0xd5]],
  ])('%s, but the host’s load may be to blame', async (_, architecture, bytes, replacement) => {
    const probe = firmwareWith(architecture, bytes, replacement)
    expect(await probed(architecture, {probe, limit: 1000})).toMatchObject({
      sound: false,
      reason: 'it hangs',
      certain: false,
    })
  })
})
