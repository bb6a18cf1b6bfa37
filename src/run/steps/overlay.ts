import path from 'node:path'
import prettyBytes from 'pretty-bytes'
import type {Run} from '../../contract/run.js'
import {type BaseImage, openBaseImage, overlaySize} from '../../disks/base-image.js'
import {watchImage} from '../../disks/image-watch.js'
import {createOverlayCommand, writeOverlay} from '../../disks/overlay.js'
import {firstSector} from '../../disks/qcow2-tables.js'
import {backingNode, rootDiskArguments} from '../../disks/root-disk.js'
import {HostError} from '../../errors/errors.js'
import {pathIn} from '../../host/path-in.js'
import {withinStartLimit} from '../../time/start-limit.js'
import type {StepWork} from '../pipeline.js'

/** Puts a copy-on-write overlay on the base image: what the guest writes goes there, and goes away with it. */
export const overlayStep: StepWork = {
  plan: async (run, directory) => {
    const base = await openBase(run)
    try {
      const overlay = pathIn(directory, 'overlay.qcow2')
      const size = overlaySize(base, run.instance['root-disk'])
      run.commandLine.add(
        ...rootDiskArguments({
          overlay,
          base: backingNode(base.top, file => file.path),
          device: run.architecture.devices.disk,
        }),
      )
      return {
        title: titleOf(base, size),
        commands: [['mkdir', '-m', '700', directory], createOverlayCommand(overlay, base.path, size)],
      }
    } finally {
      await base.close()
    }
  },
  run: async run => {
    const base = await withinStartLimit(run, 'the file system of the image', () => openToBoot(run))
    const size = overlaySize(base, run.instance['root-disk'])
    const {writable} = await run.makeFile()
    await withinStartLimit(run, 'the file system of the work directory', () => writeOverlay(writable, size))
    run.commandLine.add(
      ...rootDiskArguments({
        overlay: run.commandLine.inherit(writable),
        base: backingNode(base.top, ({handle}) => run.commandLine.inherit(handle)),
        device: run.architecture.devices.disk,
      }),
    )
    await watchBase(run, base)
    return titleOf(base, size)
  },
}

function openBase({instance, stop: {signal}}: Run): Promise<BaseImage> {
  return openBaseImage(instance.image, {allowed: instance['backing-files'], signal})
}

/** Opens the image until the run is over, and tells where the firmware would pass over its disk. */
async function openToBoot(run: Run): Promise<BaseImage> {
  const base = await openBase(run)
  run.defer('the base image', () => base.close())
  const {bootSignature: {offset, bytes} = {offset: 0, bytes: []}} = run.architecture
  const sector = await firstSector(base.top)
  if (sector && !sector.subarray(offset, offset + bytes.length).equals(Buffer.from(bytes))) {
    const text =
      'The image has no boot sector: unless a plugin boots the guest in another way, it stays silent until its time is up'
    run.emit({type: 'notice', text})
  }

  return base
}

/** A guest whose disk is changed below its overlay reads zeros or worse, and nobody would know. */
async function watchBase(run: Run, {files}: BaseImage): Promise<void> {
  const watch = await watchImage(files)
  run.defer('the watch over the base image', () => watch.close())
  run.onMachine(machine => {
    watch.changed.then(
      file => machine.fail(changed(file)),
      () => undefined,
    )
  })
  run.mustHold(async () => {
    const file = await watch.check()
    if (file !== undefined) {
      throw changed(file)
    }
  })
}

function changed(file: string): HostError {
  return new HostError(
    `the image ${file} was written to while the guest ran, so what the guest did is void`,
    {
      hint: 'Put a new image into its place by renaming it: guests that run keep the old one.',
    },
  )
}

function titleOf(base: BaseImage, size: number): string {
  return `Overlay: ${prettyBytes(size, {binary: true})} on ${path.basename(base.path)}`
}
