import {spawn} from 'node:child_process'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterAll, describe} from 'vitest'
import type {Architecture} from '../../../src/contract/architecture.js'
import {x86_64} from '../../../src/plugins/architectures/x86-64.js'
import {describeArchitecture} from '../../../src/testing/index.js'
import {guestImage} from '../../guest-image.js'

const nano = await guestImage('nano')
const linux = await guestImage('linux-x86_64')

function faulty(fault: string, architecture: Architecture, image = nano, guestSeconds = 8): void {
  describe(`an architecture that ${fault}`, () => describeArchitecture(architecture, {image, guestSeconds}))
}

/** The nano guest, which waits where it should spin, and spins where it should wait. */
async function deafGuest(): Promise<string> {
  const image = await readFile(nano, 'latin1')
  const swapped = image
    .replace('\0wait\0', '\0SPIN\0')
    .replace('\0spin\0', '\0wait\0')
    .replace('\0SPIN\0', '\0spin\0')
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'vmrun-test-')), 'deaf.qcow2')
  await writeFile(file, swapped.replace(': spinning\0', ': waiting\0\0'), 'latin1')
  afterAll(() => rm(path.dirname(file), {recursive: true}))
  return file
}

/** One without a fault, by a name of its own. */
const sound: Architecture = {...x86_64, name: 'faulty'}
const misspelt = {...sound, emulatedCPU: 'max'}

faulty('has a member that is not known', misspelt)
faulty('has a name that is taken', x86_64)
faulty('has an IDE bus that QEMU does not know', {...sound, devices: {...sound.devices, ideBus: 'ide.9'}})
faulty('has a network card that QEMU does not know', {
  ...sound,
  devices: {...sound.devices, network: {driver: 'no-such-card'}},
})
faulty('opens a file of its own', {
  ...sound,
  arguments: ['-drive', 'if=none,format=raw,readonly=on,file=/etc/hostname'],
})
faulty(
  'has a SCSI controller that the guest does not know',
  {
    ...sound,
    devices: {...sound.devices, scsi: {driver: 'lsi53c895a'}},
  },
  linux,
  120,
)
faulty('has a guest that is deaf to the power button', sound, await deafGuest())
faulty('says that it has no power button until it is to be pressed', {
  ...sound,
  get powerButton() {
    return new Error('who asks').stack?.includes('timeout-watch') === true
  },
})
faulty('has its console elsewhere', {...sound, arguments: ['-serial', 'null']})
faulty('leaves a process whenever it is looked at', {
  ...sound,
  get arguments() {
    spawn('sleep', ['20'], {stdio: 'ignore'}).unref()
    return []
  },
})
faulty('has no guest', sound, '/proc/nonexistent/guest.qcow2')
