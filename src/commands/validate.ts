import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import type {Problem} from '../instances/problem.js'
import {formatProblems, formats, jsonProblems} from '../render/problems/formats.js'
import {BaseCommand, ownArgument, someText} from '../start/base-command.js'
import {usageExitCode} from '../start/exit-codes.js'
import {paragraphs} from '../start/paragraphs.js'
import {validateFiles} from '../validation/validate-files.js'

export default class Validate extends BaseCommand {
  static override summary = 'Check instances files, and what they ask of this host.'
  static override description = paragraphs(
    'Lists every problem of every file with its place: mistakes in the JSON, keys and values that do not fit, instances',
    'that clash, placeholders that nobody offers, and images that are missing or cannot be used. Never shows a value of',
    'a config. Starts no guest, and no other program either.',
    '',
    'Each problem names the rule that it breaks; docs/validate.md explains them all, and docs/pre-commit.md how to use',
    'this before a commit and in CI.',
    '',
    'Exits with 0 when there are no errors (there may be warnings), with 2 when there are, and with 1 when there are none',
    'but that a file, or an image, is missing or could not be read, as it may be there at another try.',
  )

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> linux.json windows.json',
    {
      description: 'In a repository, on a machine that has no images:',
      command: '<%= config.bin %> <%= command.id %> --no-host-checks --strict',
    },
    {
      description: 'In a workflow of GitHub Actions, with each problem shown beside its line:',
      command: '<%= config.bin %> <%= command.id %> --no-host-checks --format github',
    },
  ]

  static override strict = false
  static override args = {
    FILE: Args.string({
      ...ownArgument,
      description: 'An instances file (default: instances.json); "-" is standard input. More may follow.',
    }),
  }

  static override flags = {
    format: Flags.option({
      summary: 'How to show the problems: pretty, plain, json, github or sarif.',
      description:
        'Default: pretty on a terminal, which shows the lines of source, and plain elsewhere. Of several the last counts.',
      options: formats,
      // A hook or a script has one of its own, and hands on what its user says.
      multiple: true,
      multipleNonGreedy: true,
      exclusive: ['json'],
      helpValue: 'FORMAT',
    })(),
    'no-host-checks': Flags.boolean({
      summary: 'Do not look for images, for a host that does not have them.',
    }),
    strict: Flags.boolean({summary: 'Take warnings for errors.'}),
  }

  async run(): Promise<{readonly problems: readonly Problem[]}> {
    const {argv, flags} = await this.parse(Validate)
    const paths =
      argv.length === 0 ? ['instances.json'] : await Promise.all(argv.map(path => someText(String(path))))
    const validation = await validateFiles(paths, await this.loadRegistry(), {
      hostChecks: !flags['no-host-checks'],
      strict: flags.strict,
    })
    const {isTTY = false} = process.stdout
    const format = flags.format?.at(-1) ?? (isTTY ? 'pretty' : 'plain')
    if (!this.jsonEnabled()) {
      const reader = {
        hasColors: isTTY && process.stdout.hasColors(),
        columns: process.stdout.columns,
        workspace: process.env['GITHUB_WORKSPACE'],
        version: this.config.version,
      }
      // Nothing is left to be made printable, and GitHub Actions is to take its format for commands.
      process.stdout.write(`${await formatProblems(validation, format, reader)}\n`)
    }

    this.exitCode = {clean: 0, problems: usageExitCode, unchecked: 1}[validation.outcome]
    return jsonProblems(validation.files)
  }
}
