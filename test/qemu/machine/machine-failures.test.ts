import {expect, test} from 'vitest'
import {HostError} from '../../../src/errors/errors.js'
import {device} from '../../../src/qemu/command/arguments.js'
import {QemuMachine} from '../../../src/qemu/machine/machine.js'
import {guestImage} from '../../guest-image.js'
import {nanoGuest, spawnMachine, startedGuest} from '../nano-guest.js'

const nano = await guestImage('nano')

/** A root disk on which every write fails with an error number. */
const failingDisk =
  (errno: number) =>
  (overlay: string): readonly string[] => [
    '-blockdev',
    JSON.stringify({
      'node-name': 'root-disk',
      driver: 'blkdebug',
      'inject-error': [{event: 'none', errno, iotype: 'write', once: false}],
      image: {
        driver: 'qcow2',
        file: {driver: 'file', filename: overlay},
        backing: {
          driver: 'qcow2',
          'read-only': true,
          file: {driver: 'file', 'read-only': true, filename: nano},
        },
      },
    }),
    ...device({driver: 'virtio-blk-pci', drive: 'root-disk', bootindex: 0}),
  ]

test('a guest that fills the host’s disk is ended, and the error says where to make room', async () => {
  const {machine} = await startedGuest('fill-disk', {rootDisk: failingDisk(28)})
  expect(await machine.ended).toEqual({
    how: 'failed',
    error: expect.objectContaining({
      message: 'no space is left for what the guest writes to its disk',
      hint: expect.stringContaining('--work-dir'),
    }),
  })
})

test('a guest that is told of a disk error goes on', async () => {
  const {machine, printed} = await startedGuest('fill-disk', {rootDisk: failingDisk(5)})
  await printed('nano: disk failed')
  expect(await machine.ended).toEqual({how: 'powered-off'})
})

test.each([
  ['a machine', ['-machine', 'nonsense'], 'unsupported machine type'],
  ['an option', ['--nonsense'], '--nonsense: invalid option'],
  [
    'a file',
    [
      '-machine',
      'none',
      '-blockdev',
      '{"driver": "file", "node-name": "a", "filename": "/proc/nonexistent/a"}',
    ],
    "Could not open '/proc/nonexistent/a': No such file or directory",
  ],
  ['a device', ['-machine', 'q35', '-device', '{"driver": "nonsense"}'], "'nonsense' is not a valid device"],
])('%s that QEMU refuses is an error with what QEMU says', async (_, programArguments, said) => {
  const machine = await spawnMachine(['-accel', 'tcg', ...programArguments])
  machine.connections.console.resume()
  const error = await machine.ready().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(HostError)
  expect(error).toMatchObject({message: expect.stringMatching(/^QEMU ended with exit code 1:\n/u)})
  expect(error).toMatchObject({message: expect.stringContaining(said)})
  expect(await machine.ended).toEqual({how: 'failed', error})
})

test('a QEMU that ends before its guest runs is an error', async () => {
  const {machine} = await nanoGuest('wait')
  await machine.ready()
  await machine.quit()
  await expect(machine.start()).rejects.toThrow('QEMU ended before the guest ran')
})

test('a machine that is killed before it is there is an error for whoever waits for it', async () => {
  const machine = await spawnMachine(['-machine', 'none'])
  machine.kill()
  await expect(machine.ready()).rejects.toThrow('QEMU ended before the guest ran')
})

test('a program that lets go of its connection and lives on is ended', async () => {
  const machine = await QemuMachine.spawn(['/bin/sh', '-c', 'exec 3>&- 4>&-; exec sleep 1000'])
  machine.connections.console.resume()
  await expect(machine.ready()).rejects.toThrow('QEMU closed its control connection')
  expect(() => process.kill(machine.pid, 0)).toThrow('ESRCH')
})

/** A machine whose program speaks QMP as QEMU does: it stops the guest right away, for the reason of a run state. */
async function stoppedBy(status: string): Promise<QemuMachine> {
  const script = `
    const qmp = new (require('node:net').Socket)({fd: 3})
    const send = message => qmp.write(JSON.stringify(message) + '\\n')
    send({QMP: {}})
    require('node:readline').createInterface({input: qmp}).on('line', line => {
      const {execute, id} = JSON.parse(line)
      send({return: execute === 'query-status' ? {status: '${status}'} : {}, id})
      if (execute === 'cont') send({event: 'STOP'})
      if (execute === 'quit') {
        send({event: 'SHUTDOWN', data: {reason: 'host-qmp-quit'}})
        qmp.end()
      }
    })`
  const machine = await QemuMachine.spawn([process.execPath, '-e', script])
  machine.connections.console.resume()
  await machine.ready()
  await machine.start()
  return machine
}

test('a guest that the accelerator stops with an internal error is ended', async () => {
  const machine = await stoppedBy('internal-error')
  expect(await machine.ended).toMatchObject({
    how: 'failed',
    error: {message: 'the accelerator failed: QEMU stopped the guest with an internal error'},
  })
  expect(() => process.kill(machine.pid, 0)).toThrow('ESRCH')
})

test('a guest that is stopped for another reason is left alone', async () => {
  const machine = await stoppedBy('paused')
  await machine.quit()
  expect(await machine.ended).toEqual({how: 'stopped'})
})

test('a machine can be ended because of what happens outside of it', async () => {
  const {machine, printed} = await startedGuest('spin')
  await printed('nano: spinning')
  const error = new HostError('the roof is on fire')
  machine.fail(error)
  expect(await machine.ended).toEqual({how: 'failed', error})
  expect(() => process.kill(machine.pid, 0)).toThrow('ESRCH')
})
