import {readdir, readFile, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test, vi} from 'vitest'
import {aarch64} from '../../../src/architectures/aarch64.js'
import {x86_64} from '../../../src/architectures/x86-64.js'
import {temporaryDirectory} from '../../temporary-directory.js'
import {firmwareWith, probed} from './probed.js'

test.each([
  ['x86_64', 'max', x86_64],
  ['x86_64', 'qemu64', x86_64],
  ['aarch64', 'max', aarch64],
  ['aarch64', 'cortex-a57', aarch64],
])(
  'the machine code for %s, on the CPU %s, runs to its end on a sound accelerator',
  async (_, cpu, architecture) => {
    expect(await probed(architecture, {cpu})).toEqual({sound: true})
  },
)

test('an accelerator that says nothing and gives another result is unsound, but not for certain', async () => {
  const probe = firmwareWith(x86_64, [0xb0, 0x10, 0xe6, 0xf4], [0xb0, 0x11, 0xe6, 0xf4])
  expect(await probed(x86_64, {probe})).toEqual({
    sound: false,
    reason: 'it ended without a word',
    certain: false,
  })
})

test('an accelerator that QEMU does not have is unsound, for the reason that QEMU gives', async () => {
  expect(await probed(x86_64, {accelerator: 'nonsense'})).toEqual({
    sound: false,
    reason: expect.stringContaining('invalid accelerator nonsense'),
    certain: false,
  })
})

test('an accelerator with an internal error is unsound, for certain', async () => {
  const program = join(await temporaryDirectory(), 'qemu')
  const script = '#!/bin/sh\necho "qemu: warning: odd" >&2\necho "KVM internal error. Suberror: 1" >&2\n'
  await writeFile(program, script, {mode: 0o755})
  expect(await probed(x86_64, {program})).toEqual({
    sound: false,
    reason: 'KVM internal error. Suberror: 1',
    certain: true,
  })
})

test('a probe that is stopped finds nothing', async () => {
  await expect(probed(x86_64, {signal: AbortSignal.abort()})).rejects.toThrow('aborted')
})

test('a probe that is stopped while it runs ends then, and its program with it', async () => {
  const directory = await temporaryDirectory()
  const [program, started] = [join(directory, 'qemu'), join(directory, 'started')]
  await writeFile(program, `#!/bin/sh\necho $$ >'${started}'\nexec sleep 1000\n`, {mode: 0o755})
  const controller = new AbortController()
  const stopped = expect(probed(x86_64, {program, signal: controller.signal})).rejects.toThrow('aborted')
  const pid = await vi.waitUntil(async () => Number(await readFile(started, 'utf8').catch(() => '')))
  controller.abort()
  await stopped
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('its firmware is its user’s alone', async () => {
  const directory = await temporaryDirectory()
  await probed(x86_64, {directory})
  const [file] = await readdir(directory)
  expect((await stat(join(directory, String(file)))).mode & 0o777).toBe(0o600)
})
