import {execFile} from 'node:child_process'
import {copyFile, mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {expect, inject, test, vi} from 'vitest'
import {HostError} from '../../../src/errors.js'
import {readBaseImage} from '../../../src/qemu/image/base-image.js'
import {createOverlayCommand, type Overlay} from '../../../src/qemu/image/qemu-img.js'
import {sha256OfFile} from '../../sha256.js'
import {temporaryDirectory} from '../../temporary-directory.js'
import {hostileNames} from '../hostile-names.js'
import {makeNamedOverlay} from './named-overlay.js'

const run = promisify(execFile)

/** An overlay on a copy of the nano guest, both in a directory of this name. Nothing is made of it yet. */
async function overlayIn(directoryName: string): Promise<Overlay> {
  const directory = join(await temporaryDirectory(), directoryName)
  await mkdir(directory)
  const image = join(directory, 'base.qcow2')
  await copyFile(inject('guests').nano, image)
  const base = await readBaseImage(image)
  return {path: join(directory, 'overlay.qcow2'), base, size: 2 * base.virtualSize}
}

test('the command names both formats, and does not have the base image opened', () => {
  const base = {path: '/base.qcow2', virtualSize: 1024}
  expect(createOverlayCommand({path: '/overlay.qcow2', base, size: 2048}).join(' ')).toBe(
    'qemu-img create -q -u -f qcow2 -F qcow2 -b /base.qcow2 /overlay.qcow2 2048',
  )
})

test.each(hostileNames)('an overlay is made in a directory called %j', async directoryName => {
  const overlay = await overlayIn(directoryName)
  await makeNamedOverlay(overlay)
  // By standard input, as qemu-img itself would read something into such a name.
  const {stdout} = await run('sh', ['-c', 'qemu-img info --output=json /dev/fd/3 3<"$1"', 'sh', overlay.path])
  expect(JSON.parse(stdout)).toMatchObject({
    format: 'qcow2',
    'virtual-size': overlay.size,
    'backing-filename': overlay.base.path,
    'backing-filename-format': 'qcow2',
  })
})

test('the base image stays as it is, byte for byte', async () => {
  const overlay = await overlayIn('run')
  const before = await sha256OfFile(overlay.base.path)
  await makeNamedOverlay(overlay)
  expect(await sha256OfFile(overlay.base.path)).toBe(before)
})

test('what qemu-img says is in the error', async () => {
  const overlay = {...(await overlayIn('run')), size: 2 ** 62}
  const error = await makeNamedOverlay(overlay).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(HostError)
  expect(error).toMatchObject({
    message: expect.stringMatching(/^qemu-img could not make the overlay: qemu-img: .*too large/su),
  })
})

test('a qemu-img that is stopped made no overlay', async () => {
  const overlay = await overlayIn('run')
  await expect(makeNamedOverlay(overlay, AbortSignal.abort())).rejects.toThrow(HostError)
})

test('without qemu-img, the error names the package', async () => {
  const overlay = await overlayIn('run')
  vi.stubEnv('PATH', '/nonexistent')
  try {
    await expect(makeNamedOverlay(overlay)).rejects.toMatchObject({
      message: 'qemu-img is not installed',
      hint: expect.stringContaining('apt-get install qemu-utils'),
    })
  } finally {
    vi.unstubAllEnvs()
  }
})
