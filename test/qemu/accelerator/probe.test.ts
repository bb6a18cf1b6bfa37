import {open, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {HostError} from '../../../src/errors/errors.js'
import {openUnnamed} from '../../../src/host/unnamed-file.js'
import {aarch64} from '../../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'
import {confinement} from '../../../src/qemu/fence/confine.js'
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
    expect(await probed(architecture, {cpu})).toMatchObject({sound: true})
  },
)

test('an accelerator that says nothing and gives another result is unsound, but not for certain', async () => {
  const probe = firmwareWith(x86_64, [0xb0, 0x10, 0xe6, 0xf4], [0xb0, 0x11, 0xe6, 0xf4])
  expect(await probed(x86_64, {probe})).toMatchObject({
    sound: false,
    reason: 'it ended without a word',
    certain: false,
  })
})

test('an accelerator that QEMU does not have is unsound, for the reason that QEMU gives', async () => {
  expect(await probed(x86_64, {accelerator: 'nonsense'})).toMatchObject({
    sound: false,
    reason: expect.stringContaining('invalid accelerator nonsense'),
    certain: false,
  })
})

test('an accelerator with an internal error is unsound, for certain', async () => {
  const program = join(await temporaryDirectory(), 'qemu')
  const script = '#!/bin/sh\necho "qemu: warning: odd" >&2\necho "KVM internal error. Suberror: 1" >&2\n'
  await writeFile(program, script, {mode: 0o755})
  expect(await probed(x86_64, {program})).toMatchObject({
    sound: false,
    reason: 'KVM internal error. Suberror: 1',
    certain: true,
  })
})

test('an accelerator with an internal error is not waited for any longer', async () => {
  const program = join(await temporaryDirectory(), 'qemu')
  const script = '#!/bin/sh\necho "KVM internal error. Suberror: 1" >&2\nexec sleep 1000\n'
  await writeFile(program, script, {mode: 0o755})
  expect(await probed(x86_64, {program, limit: 1_000_000})).toMatchObject({
    sound: false,
    reason: 'KVM internal error. Suberror: 1',
    certain: true,
  })
})

test('how long it took is part of what it finds', async () => {
  const program = join(await temporaryDirectory(), 'qemu')
  await writeFile(program, '#!/bin/sh\nsleep 0.3\n', {mode: 0o755})
  const since = performance.now()
  const {milliseconds} = await probed(x86_64, {program})
  expect(milliseconds).toBeGreaterThanOrEqual(300)
  expect(milliseconds).toBeLessThanOrEqual(Math.ceil(performance.now() - since))
})

test('a QEMU that is slow to start does not make a sound accelerator a hung one', async () => {
  const program = join(await temporaryDirectory(), 'qemu')
  await writeFile(program, `#!/bin/sh\nsleep 1.5\nexit ${x86_64.probe?.exitCode}\n`, {mode: 0o755})
  expect(await probed(x86_64, {program})).toMatchObject({sound: true})
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
  await expect.poll(() => readFile(started, 'utf8').catch(() => '')).toMatch(/\d\n/u)
  const pid = Number(await readFile(started, 'utf8'))
  controller.abort()
  await stopped
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('it leaves no file open', async () => {
  const file = await openUnnamed(await temporaryDirectory(), 'draft')
  await probed(x86_64, {makeFile: async () => file})
  expect([file.writable.fd, file.readOnly.fd]).toEqual([-1, -1])
})

test.runIf(process.platform === 'linux')(
  'a disk without space is the host’s fault, and no file stays open',
  async () => {
    const file = {writable: await open('/dev/full', 'r+'), readOnly: await open('/dev/full')}
    const failure = probed(x86_64, {makeFile: async () => file})
    await expect(failure).rejects.toThrow(HostError)
    await expect(failure).rejects.toMatchObject({
      message: expect.stringContaining('ENOSPC'),
      hint: expect.stringContaining('--work-dir'),
    })
    expect([file.writable.fd, file.readOnly.fd]).toEqual([-1, -1])
  },
)

test.runIf(process.getuid?.() === 0)('it runs as another user, too', async () => {
  const confine = await confinement({user: {name: 'nobody', uid: 65_534, gid: 65_534, groups: []}})
  expect(await probed(x86_64, {confine})).toMatchObject({sound: true})
})
