import {open} from 'node:fs/promises'
import {createOverlay, type Overlay} from '../../../src/qemu/image/qemu-img.js'

/** Makes an overlay in a new file with a name. */
export async function makeNamedOverlay(
  overlay: Overlay,
  signal = new AbortController().signal,
): Promise<void> {
  const file = await open(overlay.path, 'wx+')
  try {
    await createOverlay(overlay, file, signal)
  } finally {
    await file.close()
  }
}
