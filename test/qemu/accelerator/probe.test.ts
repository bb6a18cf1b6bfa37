import {open, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {AcceleratorProbe, Architecture} from '../../../src/contract/architecture.js'
import {openUnnamed} from '../../../src/host/work-directory.js'
import {aarch64} from '../../../src/plugins/architectures/aarch64.js'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'
import {type ProbeOptions, type ProbeResult, probeAccelerator} from '../../../src/qemu/accelerator/probe.js'
import {confinement} from '../../../src/qemu/fence/confine.js'
import {writeProgram} from '../../executables.js'
import {processGone} from '../../process-gone.js'
import {temporaryDirectory} from '../../temporary-directory.js'

/** What a probe finds under TCG, which is sound wherever it runs. @param script what is run instead of QEMU */
async function probed(
  {program, emulatedCpu, probe = noProbe}: Architecture,
  {script, ...options}: Partial<ProbeOptions> & {readonly script?: string} = {},
): Promise<ProbeResult> {
  const directory = await temporaryDirectory()
  return await probeAccelerator({
    program: script === undefined ? program : await writeProgram(directory, 'qemu', script),
    accelerator: 'tcg',
    cpu: emulatedCpu,
    probe,
    confine: command => command,
    makeFile: async () => await openUnnamed(directory, join(directory, 'draft')),
    signal: new AbortController().signal,
    ...options,
  })
}

const noProbe: AcceleratorProbe = {arguments: [], exitCode: 0, firmware: () => new Uint8Array()}

/** The firmware of an architecture's probe with some of its bytes replaced, each place of them found exactly once. */
function firmwareWith(
  {probe = noProbe}: Architecture,
  bytes: readonly number[],
  replacement: readonly number[],
): AcceleratorProbe {
  const image = Buffer.from(probe.firmware())
  const at = image.indexOf(Buffer.from(bytes))
  expect(at).toBeGreaterThanOrEqual(0)
  expect(image.indexOf(Buffer.from(bytes), at + 1)).toBe(-1)
  image.set(replacement, at)
  return {...probe, firmware: () => image}
}

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

test.each<[string, Partial<ProbeOptions>, string]>([
  [
    'says nothing and gives another result',
    {probe: firmwareWith(x86_64, [0xb0, 0x10, 0xe6, 0xf4], [0xb0, 0x11, 0xe6, 0xf4])},
    'it ended without a word',
  ],
  ['QEMU does not have', {accelerator: 'nonsense'}, 'invalid accelerator nonsense'],
])('an accelerator that %s is unsound, but not for certain', async (_, options, reason) => {
  const expected = {sound: false, reason: expect.stringContaining(reason), certain: false}
  expect(await probed(x86_64, options)).toMatchObject(expected)
})

const internalError = 'echo "qemu: warning: odd" >&2; echo "KVM internal error. Suberror: 1" >&2'

test.each([
  ['is unsound, for certain', internalError],
  ['is not waited for any longer', `${internalError}; exec sleep 1000`],
])('an accelerator with an internal error %s', async (_, script) => {
  expect(await probed(x86_64, {script, limit: 1_000_000})).toMatchObject({
    sound: false,
    reason: 'KVM internal error. Suberror: 1',
    certain: true,
  })
})

test('a QEMU that is slow to start does not make a sound accelerator a hung one; how long it took is told', async () => {
  const since = performance.now()
  const result = await probed(x86_64, {script: `sleep 1.5; exit ${x86_64.probe?.exitCode}`})
  expect(result.sound).toBe(true)
  expect(result.milliseconds).toBeGreaterThanOrEqual(1500)
  expect(result.milliseconds).toBeLessThanOrEqual(Math.ceil(performance.now() - since))
})

test('a QEMU that cannot be started is the host’s fault', async () => {
  const message = expect.stringContaining('cannot start /proc/nonexistent/qemu')
  await expect(probed(x86_64, {program: '/proc/nonexistent/qemu'})).rejects.toMatchObject({
    name: 'HostError',
    message,
  })
})

test('what QEMU leaves running when its time is up is killed with it', async () => {
  const told = join(await temporaryDirectory(), 'told')
  const script = `sleep 1000 & echo $! >'${told}'; wait`
  expect(await probed(x86_64, {script, limit: 500})).toMatchObject({sound: false, reason: 'it hangs'})
  await processGone(Number(await readFile(told, 'utf8')))
})

test('a probe that is stopped finds nothing', async () => {
  await expect(probed(x86_64, {signal: AbortSignal.abort()})).rejects.toThrow('aborted')
})

test('a probe that is stopped while it runs ends then, and its program with it', async () => {
  const started = join(await temporaryDirectory(), 'started')
  const controller = new AbortController()
  const script = `echo $$ >'${started}'; exec sleep 1000`
  const stopped = expect(probed(x86_64, {script, signal: controller.signal})).rejects.toThrow('aborted')
  await expect.poll(() => readFile(started, 'utf8').catch(() => '')).toMatch(/\d\n/u)
  controller.abort()
  await stopped
  const pid = Number(await readFile(started, 'utf8'))
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('it leaves no file open, also where a disk without space is the host’s fault', async () => {
  const good = await openUnnamed(await temporaryDirectory(), 'draft')
  await probed(x86_64, {makeFile: async () => good})
  const full = {writable: await open('/dev/full', 'r+'), readOnly: await open('/dev/full')}
  await expect(probed(x86_64, {makeFile: async () => full})).rejects.toMatchObject({
    name: 'HostError',
    message: expect.stringContaining('ENOSPC'),
    hint: expect.stringContaining('--work-dir'),
  })
  for (const {writable, readOnly} of [good, full]) {
    expect([writable.fd, readOnly.fd]).toEqual([-1, -1])
  }
})

test.runIf(process.getuid?.() === 0)('it runs as another user, too', async () => {
  const confine = await confinement({user: {name: 'nobody', uid: 65_534, gid: 65_534, groups: []}})
  expect(await probed(x86_64, {confine})).toMatchObject({sound: true})
})

test.each<[string, Architecture, readonly number[], readonly number[]]>([
  ['the jump to protected mode', x86_64, [0x66, 0xea], [0xeb, 0xfe]],
  ['the return from an interrupt', x86_64, [0xcf, 0xb0, 0x10], [0xf4, 0xb0, 0x10]],
  ['the jump to the code', x86_64, [0xe9, 0x0d, 0xfe], [0xeb, 0xfe, 0x90]],
  ['the return from an exception', aarch64, [0xe0, 0x03, 0x9f, 0xd6], [0x00, 0x00, 0x00, 0x14]],
  ['the call that turns the machine off', aarch64, [0x02, 0x00, 0x00, 0xd4], [0x1f, 0x20, 0x03, 0xd5]],
])(
  'an accelerator is unsound that does not execute %s, but not for certain',
  async (_, architecture, ...bytes) => {
    const probe = firmwareWith(architecture, ...bytes)
    const expected = {sound: false, reason: 'it hangs', certain: false}
    expect(await probed(architecture, {probe, limit: 1000})).toMatchObject(expected)
  },
)
