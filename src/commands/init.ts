import * as Flags from '@oclif/core/flags'
import {UsageError} from '../errors/errors.js'
import {shellWord} from '../render/shell-script.js'
import {BaseCommand, fileFlag} from '../start/base-command.js'
import {paragraphs} from '../start/paragraphs.js'
import {printable} from '../text/printable.js'
import {askAtTerminal} from './init/ask.js'
import {type InitializedFile, initInstancesFile} from './init/instances-file.js'

export default class Init extends BaseCommand {
  static override summary = 'Write a first instances file.'
  static override description = paragraphs(
    'The file holds one instance. On a terminal, what no flag says is asked; elsewhere, where CI is set, and with --json',
    'it has its default. Each answer is checked as "validate" would check it.',
    '',
    'Nothing is ever overwritten; "--file -" is standard output. Ctrl-C or Ctrl-D at a question ends vmrun, and nothing',
    'is written.',
    '',
    'Exits with 0 when the file is written, with 2 when the arguments do not hold or there is such a file already, with',
    '130 after Ctrl-C, and with 1 when the file cannot be written.',
  )

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'Without questions:',
      command: '<%= config.bin %> <%= command.id %> --image ubuntu-amd64.qcow2 --arch x86_64',
    },
  ]

  static override flags = {
    file: fileFlag,
    name: Flags.string({
      summary: 'What the instance is called on the command line (default: vm-1).',
      helpValue: 'NAME',
    }),
    image: Flags.string({
      summary: 'Its base image, a qcow2 file.',
      description:
        'A path relative to the current directory, or an absolute one. Where nothing is asked, it is required.',
      helpValue: 'FILE',
    }),
    arch: Flags.string({
      summary: "The guest's architecture (default: the host's).",
      helpValue: 'NAME',
    }),
    timeout: Flags.string({
      summary: 'How long the guest may run, from 1 to 2147483648 (default: 3600).',
      helpValue: 'SECONDS',
    }),
    'no-host-checks': Flags.boolean({
      summary: 'Do not look at the image, for a host that does not have it.',
    }),
  }

  async run(): Promise<Omit<InitializedFile, 'text'>> {
    const {flags, metadata} = await this.parse(Init)
    if (flags.file === '-' && flags.json) {
      throw new UsageError('--json and --file - both want standard output')
    }

    const {text, ...written} = await initInstancesFile({
      file: flags.file,
      given: {name: flags.name, image: flags.image, arch: flags.arch, 'timeout-seconds': flags.timeout},
      registry: await this.loadRegistry(),
      hostChecks: !flags['no-host-checks'],
      ask: askAtTerminal(this.jsonEnabled()),
    })
    const isDefault = metadata.flags['file']?.setFromDefault === true
    this.log(flags.file === '-' ? text : textOf(written.instance.name, isDefault ? undefined : flags.file))
    return written
  }
}

/** What was written, and what comes next. */
function textOf(name: string, file: string | undefined): string {
  const validate = ['vmrun', 'validate', ...(file === undefined ? [] : operand(file))]
  const run = ['vmrun', 'run', ...(file === undefined ? [] : ['--file', file]), ...operand(name)]
  return [
    `Wrote ${file ?? 'instances.json'}, with the instance ${name}. What the guest is to read goes into its config.`,
    'Check the file, and run the instance:',
    ...[validate, run].map(words => `  ${words.map(shellWord).join(' ')}`),
  ]
    .map(printable)
    .join('\n')
}

/** An argument that is no flag, whatever it begins with. */
function operand(word: string): readonly string[] {
  return word.startsWith('-') ? ['--', word] : [word]
}
