import {expect, onTestFinished, test} from 'vitest'
import type {MachineEnd} from '../../../src/contract/machine.js'
import {HostError} from '../../../src/errors/errors.js'
import {endByEvent, endByExit, endByStatus, type ProcessExit} from '../../../src/qemu/machine/machine-end.js'
import {MachineWatch} from '../../../src/qemu/machine/machine-watch.js'
import {spawnQemu} from '../../../src/qemu/machine/process.js'

function summary(end: MachineEnd | undefined): object | undefined {
  if (end?.how !== 'failed') {
    return end
  }

  const {error} = end
  expect(error).toBeInstanceOf(HostError)
  return {how: 'failed', message: error.message, hint: error.hint}
}

/** The summary of a machine that failed, with a part of its hint. */
function failed(message: string, hint?: string): object {
  return {how: 'failed', message, hint: hint && expect.stringContaining(hint)}
}

// The list of QEMU 7.2's and 10.0's ShutdownCause.
test.each<[string, object]>([
  ['guest-shutdown', {how: 'powered-off'}],
  ['guest-panic', {how: 'crashed', what: 'panicked'}],
  ['guest-reset', {how: 'crashed', what: 'was reset'}],
  ['subsystem-reset', {how: 'crashed', what: 'was reset'}],
  ['host-qmp-quit', {how: 'stopped'}],
  ['host-signal', failed('QEMU was told to end by a signal that did not come from vmrun')],
  ...[
    'none',
    'host-error',
    'host-qmp-system-reset',
    'host-ui',
    'snapshot-load',
    'one-that-a-later-qemu-adds',
  ].map<[string, object]>(reason => [reason, failed(`QEMU ended the machine by itself (${reason})`)]),
])('SHUTDOWN for the reason %s', (reason, expected) => {
  expect(summary(endByEvent({name: 'SHUTDOWN', data: {guest: true, reason}}))).toEqual(expected)
})

test.each([
  [
    'an exit code, and what QEMU said',
    {code: 1, signal: null, stderr: 'qemu: no such device\n'},
    'QEMU ended with exit code 1:\nqemu: no such device',
  ],
  ['an exit code of zero', {code: 0, signal: null, stderr: ''}, 'QEMU ended with exit code 0'],
  ['white space on stderr', {code: 1, signal: null, stderr: ' \n'}, 'QEMU ended with exit code 1'],
  ['a signal', {code: null, signal: 'SIGSEGV', stderr: ''}, 'QEMU was killed by SIGSEGV'],
] as const)('the process’s own end tells of %s', (_, exit, message) => {
  expect(summary(endByExit(exit))).toEqual(failed(message))
})

test('a machine with more cores than QEMU gives it is the mistake of whoever asks for them', () => {
  const stderr =
    "qemu-system-x86_64: Invalid SMP CPUs 300. The max CPUs supported by machine 'pc-q35-7.2' is 288\n"
  expect(summary(endByExit({code: 1, signal: null, stderr}))).toEqual({
    how: 'failed',
    message: 'the machine has at most 288 CPU cores with this QEMU: the instance wants more',
    hint: 'Set its "cpu-cores" to 288 or less.',
  })
})

test.each<[string, ProcessExit['oomKills'], string, RegExp]>([
  [
    'where the kernel killed something of QEMU’s control group for want of memory, it was probably QEMU',
    {count: 1, group: '/ci'},
    ', probably by the kernel, because memory ran out',
    /"ram".* killed one process of its control group, \/ci, meanwhile/su,
  ],
  [
    'a kernel that killed something else of the host may have been it',
    {count: 2, group: undefined},
    '',
    /^Perhaps by the kernel.* 2 processes on this host/u,
  ],
  [
    'a kernel that killed nothing of its control group was it not',
    {count: 0, group: '/ci'},
    '',
    /^The kernel has killed no process of its control group, \/ci, .*systemd-oomd/u,
  ],
  [
    'a kernel that killed nothing on the host was it not',
    {count: 0, group: undefined},
    '',
    /^The kernel has killed no process on this host/u,
  ],
  [
    'a kernel of which nothing is known may have been it',
    undefined,
    '',
    /^When memory runs out the kernel kills/u,
  ],
])('of a SIGKILL no more is said than is known: %s', (_, oomKills, doubt, hint) => {
  expect(summary(endByExit({code: null, signal: 'SIGKILL', stderr: 'qemu: said\n', oomKills}))).toEqual({
    how: 'failed',
    message: `QEMU was killed by SIGKILL${doubt}:\nqemu: said`,
    hint: expect.stringMatching(hint),
  })
})

test('an end of another kind is not put down to memory', () => {
  const exit = {code: 1, signal: null, stderr: '', oomKills: {count: 1, group: '/ci'}}
  expect(summary(endByExit(exit))).toEqual(failed('QEMU ended with exit code 1'))
})

test.each<[string, object, object | undefined]>([
  ['that the guest was told of ends nothing', {action: 'report', operation: 'write'}, undefined],
  ['that was ignored ends nothing', {action: 'ignore', operation: 'write'}, undefined],
  [
    'for lack of space ends the machine',
    {action: 'stop', operation: 'write', nospace: true, reason: 'No space left on device'},
    failed('no space is left for what the guest writes to its disk', '--work-dir'),
  ],
  [
    'of another kind that stopped the guest ends the machine',
    {action: 'stop', operation: 'read', nospace: false, reason: 'Input/output error'},
    failed("the guest's disk failed on a read: Input/output error", 'dmesg'),
  ],
  [
    'for a limit of vmrun ends the machine',
    {action: 'stop', operation: 'write', nospace: false, reason: 'File too large'},
    failed("the guest's disk failed on a write: File too large", 'ulimit -f'),
  ],
  [
    'for a quota ends the machine',
    {action: 'stop', operation: 'write', nospace: false, reason: 'Disk quota exceeded'},
    failed("the guest's disk failed on a write: Disk quota exceeded", '--work-dir'),
  ],
])('a disk error %s', (_, data, expected) => {
  expect(summary(endByEvent({name: 'BLOCK_IO_ERROR', data: {...data}}))).toEqual(expected)
})

test.each<[string, object, object | undefined]>([
  [
    'the overlay ends the machine',
    {'node-name': 'root-disk', fatal: true, msg: 'Why.'},
    failed('the overlay on the base image is corrupt: Why.', 'qemu-img check'),
  ],
  [
    'the overlay that the guest does not notice ends nothing',
    {'node-name': 'root-disk', fatal: false, msg: 'Why.'},
    undefined,
  ],
  ...['base-image', 'backing-file-1'].map<[string, object, object]>(node => [
    `the layer ${node} ends the machine, whatever QEMU thinks of it`,
    {'node-name': node, fatal: false, msg: 'Why.'},
    failed('the base image is corrupt: Why.', 'qemu-img check'),
  ]),
])('damage of %s', (_, data, expected) => {
  expect(summary(endByEvent({name: 'BLOCK_IMAGE_CORRUPTED', data: {...data}}))).toEqual(expected)
})

test('an internal error of the accelerator ends the machine, and the error says how to do without it', () => {
  expect(summary(endByStatus('internal-error'))).toEqual(
    failed('the accelerator failed: QEMU stopped the guest with an internal error', '"accelerator": "tcg"'),
  )
})

test.each(['running', 'paused', 'shutdown', 'guest-panicked', 'io-error', 'prelaunch'])(
  'the run state %s ends nothing by itself',
  status => {
    expect(endByStatus(status)).toBeUndefined()
  },
)

/** The watch over a program that tells of events as QEMU does, and then does something else. */
async function watchOver(
  events: readonly object[],
  then: string,
): Promise<{readonly watch: MachineWatch; readonly pid: number}> {
  const script = `
    const qmp = new (require('node:net').Socket)({fd: 3})
    const events = ${JSON.stringify(events)}
    qmp.write(events.map(event => JSON.stringify(event) + '\\n').join(''), () => { ${then} })`
  const program = await spawnQemu([process.execPath, '-e', script])
  program.connections.console.resume()
  onTestFinished(() => program.kill())
  return {watch: new MachineWatch(program), pid: program.pid}
}

const panic = {event: 'GUEST_PANICKED', data: {action: 'poweroff'}}
const shutdown = {event: 'SHUTDOWN', data: {guest: true, reason: 'guest-shutdown'}}

test('the first event that tells the end decides', async () => {
  const panicked = await watchOver([panic, shutdown], 'process.exit()')
  expect(await panicked.watch.ended).toEqual({how: 'crashed', what: 'panicked'})
  const poweredOff = await watchOver([shutdown, panic], 'process.exit()')
  expect(await poweredOff.watch.ended).toEqual({how: 'powered-off'})
})

test('what comes after the end changes nothing of it', async () => {
  const {watch} = await watchOver([shutdown], 'process.exit(1)')
  const end = await watch.ended
  watch.end({how: 'stopped'})
  expect(await watch.ended).toBe(end)
  expect(end).toEqual({how: 'powered-off'})
})

test('a QEMU that told of its end and does not exit is killed', async () => {
  const {watch, pid} = await watchOver([shutdown], 'setInterval(() => {}, 1000)')
  expect(await watch.ended).toEqual({how: 'powered-off'})
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('an event is told also when the guest has ended before anybody looked', async () => {
  const reset = {event: 'RESET', data: {guest: true, reason: 'guest-reset'}}
  const {watch} = await watchOver([reset, shutdown], 'process.exit()')
  let resets = 0
  watch.on('RESET', () => {
    resets += 1
  })
  await watch.ended
  expect(resets).toBe(1)
})
