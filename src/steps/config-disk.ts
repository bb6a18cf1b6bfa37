import path from 'node:path'
import prettyBytes from 'pretty-bytes'
import type {ConfigDisk} from '../config-disks/config-disk.js'
import {configDiskImage} from '../config-disks/image.js'
import {writeImageTo} from '../config-disks/write-image.js'
import type {Machine} from '../pipeline/machine.js'
import type {Run} from '../pipeline/run.js'
import type {Step} from '../pipeline/step.js'
import {inherit} from '../qemu/machine/inherited-files.js'
import {QmpClosedError} from '../qemu/qmp/client.js'
import {messageOf} from '../thrown.js'

export interface ConfigDiskStepOptions {
  readonly configDisk: ConfigDisk
  /** What kind it is, for people. */
  readonly title: string
  /** The date of everything on it. */
  readonly modified: Date
  /** Absolute path of the instances file. */
  readonly instancesFile: string
}

/** Writes the config disk: the instance's configuration for the guest to read. */
export function configDiskStep({configDisk, title, modified, instancesFile}: ConfigDiskStepOptions): Step {
  return {
    name: 'config-disk',
    title: 'Config disk',
    plan: async (run, directory) => {
      const file = path.join(directory, 'config-disk.iso')
      run.machineArguments.push(...configDisk.arguments(file))
      return {
        title: `Config disk: ${title}`,
        commands: [
          ['vmrun', 'build-iso', '--file', instancesFile, '--output', file, '--', run.instance.name],
        ],
      }
    },
    run: async run => {
      const image = configDiskImage(run.instance.name, run.config, modified)
      const {writable, readOnly} = await run.makeFile()
      await writeImageTo(writable, image)
      const name = inherit(run.inherited, readOnly)
      run.machineArguments.push(...configDisk.arguments(name))
      run.onMachine(machine => {
        // From now on QEMU alone has it open.
        const closed = Promise.all([writable.close(), readOnly.close()])
        removeOnceEjected(
          configDisk.watch(machine).then(() => closed),
          name,
          {machine, run},
        )
      })
      return `Config disk: ${title}, ${prettyBytes(image.size, {binary: true})}`
    },
  }
}

function removeOnceEjected(
  ejected: Promise<unknown>,
  name: string,
  {machine, run}: {readonly machine: Machine; readonly run: Run},
): void {
  ejected
    .then(() => machine.closeInherited(name))
    .then(
      () => run.emit({type: 'config-disk-ejected'}),
      (error: unknown) => {
        // A guest that ends right after it ejected the disk has ended all the same.
        if (!(error instanceof QmpClosedError)) {
          run.emit({type: 'notice', text: `The config disk could not be removed: ${messageOf(error)}`})
        }
      },
    )
}
