import {expect, test} from 'vitest'
import {filesOf} from '../../../src/qemu/machine/machine.js'
import {tellReboots} from '../../../src/qemu/machine/start-machine.js'
import {QmpClosedError} from '../../../src/qemu/qmp/client.js'
import {guestImage} from '../../guest-image.js'
import {openFiles} from '../../open-files.js'
import {nanoGuest} from '../nano-guest.js'

/** How a machine ends in which the nano guest does this, and how often it is told to have been reset. */
async function endOf(action: string, ...furtherArguments: readonly string[]): Promise<object> {
  const {machine} = await nanoGuest(action, {furtherArguments})
  const reboots: object[] = []
  tellReboots({emit: event => reboots.push(event)}, machine)
  await machine.ready()
  await machine.start()
  return {...(await machine.ended), resets: reboots.length}
}

// SeaBIOS resets the machine once more by itself.
test.each([1, 2])('a guest of %d processors that resets itself goes on, and is told once', async cores => {
  expect(await endOf('reset-once', '-smp', String(cores))).toEqual({how: 'powered-off', resets: 1})
})

test.each(['reset-once', 'triple-fault'])(
  'a guest that does %s where it may not be reset ends',
  async action => {
    expect(await endOf(action, '-no-reboot')).toEqual({how: 'crashed', what: 'was reset', resets: 0})
  },
)

test('a guest that crashes its processor is reset, again and again', async () => {
  const {machine, printed} = await nanoGuest('triple-fault')
  const twice = new Promise<void>(resolve => {
    let resets = 0
    machine.on('RESET', ({guest}) => {
      resets += Number(guest)
      if (resets === 2) {
        resolve()
      }
    })
  })
  await machine.ready()
  await machine.start()
  await twice
  expect(await printed('nano: action triple-fault')).toContain('nano: hello')
  machine.kill()
  expect(await machine.ended).toEqual({how: 'stopped'})
})

test('a machine can be asked what only reads, as soon as it is there', async () => {
  const {machine, printed} = await nanoGuest('wait')
  expect(await machine.execute('query-status')).toMatchObject({status: 'prelaunch'})
  await machine.start()
  await printed('nano: waiting')
  expect(await machine.execute('query-blockstats')).toContainEqual(
    expect.objectContaining({
      'node-name': 'root-disk',
      stats: expect.objectContaining({rd_bytes: expect.any(Number)}),
    }),
  )
  expect(await machine.execute('qom-get', {path: '/machine', property: 'type'})).toMatch(/q35/u)
  await expect(machine.execute('query-nonsense')).rejects.toThrow('QEMU refused query-nonsense: ')
})

test.each([
  'quit',
  'stop',
  'human-monitor-command',
  'query-',
  'x-query-status',
  'query-status\n',
  'toString',
])('a machine does not do what changes it: %j', async command => {
  const {machine} = await nanoGuest('wait')
  await expect(Reflect.apply(machine.execute, machine, [command])).rejects.toThrow('is no command')
})

test('a machine that is gone answers no more', async () => {
  const {machine} = await nanoGuest('wait')
  machine.kill()
  await machine.ended
  await expect(machine.execute('query-status')).rejects.toThrow(QmpClosedError)
})

test('what QEMU tells of an event is handed on, and to everybody who wants to know', async () => {
  const {machine, printed} = await nanoGuest('wait')
  const told: object[] = []
  machine.on('POWERDOWN', data => told.push(['one', data]))
  machine.on('POWERDOWN', data => told.push(['other', data]))
  machine.on('SHUTDOWN', data => told.push(data))
  await machine.ready()
  await machine.start()
  await printed('nano: waiting')
  await machine.powerDown()
  await machine.ended
  expect(told).toEqual([['one', {}], ['other', {}], {guest: true, reason: 'guest-shutdown'}])
})

test('when the guest opens the tray the medium can be taken out, and QEMU closes its file', async () => {
  const {machine, printed, configDisk} = await nanoGuest('eject')
  const opened = machine.trayOpened('config-cdrom')
  await machine.ready()
  expect(await openFiles(machine.pid)).toContain(configDisk)
  await machine.start()
  await opened
  await machine.removeMedium({device: 'config-cdrom', node: 'config-disk'})
  expect(await openFiles(machine.pid)).not.toContain(configDisk)
  await printed('nano: waiting')
  await machine.powerDown()
  expect(await machine.ended).toEqual({how: 'powered-off'})
})

test('the tray of another device is nobody’s business', async () => {
  const {machine, printed} = await nanoGuest('eject')
  let opened = false
  machine.trayOpened('another').then(() => {
    opened = true
  }, expect.unreachable)
  await machine.ready()
  await machine.start()
  await printed('nano: waiting')
  await machine.quit()
  await machine.ended
  expect(opened).toBe(false)
})

test('a tray that was closed again is opened to take the medium out', async () => {
  const {machine, configDisk} = await nanoGuest('wait')
  await machine.ready()
  await machine.removeMedium({device: 'config-cdrom', node: 'config-disk'})
  expect(await openFiles(machine.pid)).not.toContain(configDisk)
})

test('a medium that is not there cannot be taken out', async () => {
  const {machine} = await nanoGuest('wait')
  await machine.ready()
  await expect(machine.removeMedium({device: 'another', node: 'config-disk'})).rejects.toThrow(
    /^QEMU refused blockdev-open-tray: /u,
  )
})

test('the machine tells the files that QEMU has open as disks', async () => {
  const {machine, overlay, configDisk} = await nanoGuest('wait')
  await machine.ready()
  expect(new Set(await machine.openFiles())).toEqual(new Set([overlay, await guestImage('nano'), configDisk]))
})

test('the files are those that a driver reads itself, whatever the driver, and not the formats on them', () => {
  const nodes = [
    {drv: 'qcow2', file: 'json:{"driver": "qcow2"}'},
    {drv: 'file', file: '/images/overlay.qcow2'},
    {drv: 'raw', file: '/images/config.iso'},
    {drv: 'host_device', file: '/dev/sda'},
    {drv: 'nbd', file: 'nbd://example.org'},
  ]
  expect(filesOf(nodes)).toEqual(['/images/overlay.qcow2', '/dev/sda', 'nbd://example.org'])
})

test.each([undefined, null, {}, 'x', [null, 7]])('there are none in %j', nodes => {
  expect(filesOf(nodes)).toEqual([])
})
