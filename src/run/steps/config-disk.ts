import {writeFile} from 'node:fs/promises'
import prettyBytes from 'pretty-bytes'
import {configDiskImage, sourceDate, wipeImage} from '../../disks/config/image.js'
import {messageOf} from '../../errors/errors.js'
import {pathIn} from '../../host/path-in.js'
import {QmpClosedError} from '../../qemu/qmp/client.js'
import type {StepWork} from '../pipeline.js'

/** Writes the config disk: the instance's configuration for the guest to read. */
export const configDiskStep: StepWork = {
  plan: async ({commandLine, configDisk, instance, instancesFile, jobConfig}, directory) => {
    const file = pathIn(directory, 'config-disk.iso')
    commandLine.add(...configDisk.arguments(file))
    const sources = ['--file', instancesFile, ...(jobConfig === undefined ? [] : ['--config', jobConfig])]
    return {
      title: `Config disk: ${configDisk.title}`,
      commands: [['vmrun', 'build-iso', ...sources, '--output', file, '--', instance.name]],
    }
  },
  run: async run => {
    const {commandLine, config, configDisk, environment, id, instance} = run
    const source = {name: instance.name, run: id, config}
    const image = configDiskImage(configDisk, source, sourceDate(environment))
    const {writable, readOnly} = await run.makeFile()
    await writeFile(writable, image.chunks).finally(() => wipeImage(image))
    const name = commandLine.inherit(readOnly)
    commandLine.add(...configDisk.arguments(name))
    run.onMachine(machine => {
      // From now on QEMU alone has it open.
      const closed = Promise.all([writable.close(), readOnly.close()])
      configDisk
        .watch?.(machine)
        .then(() => closed)
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
    })
    return `Config disk: ${configDisk.title}, ${prettyBytes(image.size, {binary: true})}`
  },
}
