import * as Flags from '@oclif/core/flags'
import {configDiskImage, sha256, sourceDate} from '../disks/config/image.js'
import {saveImage, sendImage} from '../disks/config/write-image.js'
import {UsageError} from '../errors/errors.js'
import {forbidCoreDumps} from '../host/core-dumps.js'
import {absolutePath} from '../host/path-in.js'
import {refusePrintedInput} from '../host/write-file.js'
import {inputFiles} from '../launch/input-files.js'
import {resolveConfig} from '../launch/resolve-config.js'
import {BaseCommand, instanceArgument, jobFlags, someText} from '../start/base-command.js'
import {paragraphs} from '../start/paragraphs.js'
import {printable} from '../text/printable.js'
import {openInstance, partsOf} from '../validation/open-instance.js'

interface WrittenImage {
  readonly file: string
  /** In bytes. */
  readonly size: number
  readonly sha256: string
}

export default class BuildIso extends BaseCommand {
  static override summary = "Write an instance's config disk to a file."
  static override description = paragraphs(
    'The ISO 9660 image that the guest would get from "run": a volume called instance-configuration with one file,',
    "instance.json, which holds the instance's name and config. Placeholders are resolved, so there may be secrets in",
    'it: the file is readable by you alone.',
    '',
    'The same input gives the same bytes. SOURCE_DATE_EPOCH sets the dates in the image (default: 1970-01-01).',
  )

  static override examples = [
    '<%= config.bin %> <%= command.id %> vm-1',
    '<%= config.bin %> <%= command.id %> vm-1 --output /tmp/vm-1.iso --force',
    '<%= config.bin %> <%= command.id %> vm-1 --output - | isoinfo -i /dev/stdin -R -x /instance.json',
  ]

  static override args = {NAME: instanceArgument}
  static override flags = {
    ...jobFlags,
    output: Flags.string({
      char: 'o',
      summary: 'Where to write it; "-" is standard output (default: NAME.iso).',
      parse: someText,
      helpValue: 'FILE',
    }),
    force: Flags.boolean({summary: 'Overwrite the file if it exists.'}),
  }

  async run(): Promise<WrittenImage | undefined> {
    const {args, flags} = await this.parse(BuildIso)
    const registry = await this.loadRegistry()
    const opened = await openInstance(flags.file, args.NAME, registry, flags.config)
    this.showWarnings(opened.warnings)
    const output = flags.output ?? `${args.NAME}.iso`
    if (flags.output === undefined && output.includes('/')) {
      throw new UsageError(`${args.NAME} cannot be part of a file name`, {
        hint: 'Name the file with --output.',
      })
    }

    if (output === '-' && flags.json) {
      throw new UsageError('--json and --output - both want standard output')
    }

    const inputs = inputFiles(opened)
    await refusePrintedInput(inputs)
    await forbidCoreDumps()
    const {configDisk} = partsOf(opened.instance, registry)
    const config = await resolveConfig(opened, registry, process.env)
    const image = configDiskImage(configDisk, {name: opened.instance.name, config}, sourceDate(process.env))
    if (output === '-') {
      await sendImage(image, process.stdout)
      return
    }

    const file = absolutePath(output)
    await saveImage(image, file, {overwrite: flags.force, inputs})
    const written = {file, size: image.size, sha256: sha256(image)}
    this.log(`${printable(file)}\n${written.size} bytes\nsha256 ${written.sha256}`)
    return written
  }
}
