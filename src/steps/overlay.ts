import {chmod} from 'node:fs/promises'
import path from 'node:path'
import prettyBytes from 'pretty-bytes'
import {sizeInBytes} from '../instances/size.js'
import type {Run} from '../pipeline/run.js'
import type {Step} from '../pipeline/step.js'
import {overlaySize, readBaseImage} from '../qemu/base-image.js'
import {rootDiskArguments} from '../qemu/command-line.js'
import {createOverlay, createOverlayCommand, type Overlay} from '../qemu/qemu-img.js'

/** Puts a copy-on-write overlay on the base image: what the guest writes goes there, and goes away with it. */
export const overlayStep: Step = {
  name: 'overlay',
  title: 'Overlay',
  plan: async run => {
    const overlay = await overlayOf(run)
    return {
      title: titleOf(overlay),
      commands: [['mkdir', '-m', '700', run.directory], createOverlayCommand(overlay)],
    }
  },
  run: async run => {
    const overlay = await overlayOf(run)
    run.makeDirectory()
    await createOverlay(overlay, run.signal)
    await chmod(overlay.path, 0o600)
    return titleOf(overlay)
  },
}

async function overlayOf(run: Run): Promise<Overlay> {
  const {image, 'root-disk': text} = run.instance
  const base = await readBaseImage(image)
  const size = overlaySize(base, text === undefined ? undefined : {text, bytes: sizeInBytes(text)})
  const overlay = {path: path.join(run.directory, 'overlay.qcow2'), base, size}
  run.machineArguments.push(...rootDiskArguments({overlay: overlay.path, base: base.path}))
  return overlay
}

function titleOf({base, size}: Overlay): string {
  return `Overlay: ${prettyBytes(size, {binary: true})} on ${path.basename(base.path)}`
}
