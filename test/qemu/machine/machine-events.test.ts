import {expect, test} from 'vitest'
import {guestImage} from '../../guest-image.js'
import {openFiles} from '../../open-files.js'
import {nanoGuest} from '../nano-guest.js'

test('a reset after which the guest goes on is told once', async () => {
  const {machine, printed} = await nanoGuest('reset-once')
  let resets = 0
  machine.onReset(() => {
    resets += 1
  })
  await machine.ready()
  await machine.start()
  await printed('nano: came back')
  expect(await machine.ended).toEqual({how: 'powered-off'})
  // Though SeaBIOS resets the machine once more by itself.
  expect(resets).toBe(1)
})

test('a guest that crashes its processor is reset, again and again', async () => {
  const {machine, printed} = await nanoGuest('triple-fault')
  const twice = new Promise<void>(resolve => {
    let resets = 0
    machine.onReset(() => {
      resets += 1
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
