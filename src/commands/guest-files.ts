import * as Flags from '@oclif/core/flags'
import {absolutePath, pathIn} from '../host/path-in.js'
import {BaseCommand, someText} from '../start/base-command.js'
import {paragraphs} from '../start/paragraphs.js'
import {printable} from '../text/printable.js'
import {guestFiles, writeGuestFiles} from './guest-files/files.js'

export default class GuestFiles extends BaseCommand {
  static override summary = "Write what a guest's image needs to say how its job goes."
  static override description = paragraphs(
    'Two scripts for any guest with a POSIX shell, vmrun-say and vmrun-job, a unit of systemd that runs the latter, and',
    'cloud-init.yaml, which brings all three into a cloud image as it is: docs/guests.md says how they are used.',
    '',
    'Nothing is overwritten without --force.',
  )

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --output image/files --force',
  ]

  static override flags = {
    output: Flags.string({
      char: 'o',
      summary: 'The directory to write them to, which is made where it is missing.',
      default: 'vmrun-guest',
      parse: someText,
      helpValue: 'DIRECTORY',
    }),
    force: Flags.boolean({summary: 'Overwrite files that exist.'}),
  }

  async run(): Promise<{readonly files: readonly string[]}> {
    const {flags} = await this.parse(GuestFiles)
    const files = await guestFiles(pathIn(this.config.root, 'guest'))
    const written = await writeGuestFiles(files, absolutePath(flags.output), {overwrite: flags.force})
    this.log(written.map(printable).join('\n'))
    return {files: written}
  }
}
