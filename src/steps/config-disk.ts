import {rm} from 'node:fs/promises'
import path from 'node:path'
import prettyBytes from 'pretty-bytes'
import type {ConfigDisk} from '../config-disks/config-disk.js'
import {configDiskImage} from '../config-disks/image.js'
import {writeImage} from '../config-disks/write-image.js'
import type {Run} from '../pipeline/run.js'
import type {Step} from '../pipeline/step.js'
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
  const attach = (run: Run): string => {
    const file = path.join(run.directory, 'config-disk.iso')
    run.machineArguments.push(...configDisk.arguments(file))
    return file
  }

  return {
    name: 'config-disk',
    title: 'Config disk',
    plan: async run => ({
      title: `Config disk: ${title}`,
      commands: [
        ['vmrun', 'build-iso', '--file', instancesFile, '--output', attach(run), '--', run.instance.name],
      ],
    }),
    run: async run => {
      const file = attach(run)
      const image = configDiskImage(run.instance.name, run.config, modified)
      await writeImage(image, file)
      run.onMachine(machine => {
        removeOnceEjected(configDisk.watch(machine), file, run)
      })
      return `Config disk: ${title}, ${prettyBytes(image.size, {binary: true})}`
    },
  }
}

function removeOnceEjected(ejected: Promise<void>, file: string, run: Run): void {
  ejected
    .then(() => rm(file, {force: true}))
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
