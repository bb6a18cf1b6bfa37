import {Args} from '@oclif/core'
import {BaseCommand} from '../cli/base-command.js'
import {usageExitCode} from '../cli/exit-codes.js'
import {paragraphs} from '../cli/paragraphs.js'
import {formatProblem} from '../instances/format-problem.js'
import type {Problem} from '../instances/problem.js'
import {validateFiles} from '../services/validate-files.js'

export default class Validate extends BaseCommand {
  static override summary = 'Check instances files, and what they ask of this host.'
  static override description = paragraphs(
    'Lists every problem with its file, line and column: what does not fit the format, images that are missing or not',
    'qcow2, architectures that are not known. Starts nothing.',
    '',
    'Exits with 0 when there are no errors (there may be warnings), and with 2 otherwise.',
  )

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> linux.json windows.json',
  ]

  static override strict = false
  static override args = {
    FILE: Args.string({
      description: 'An instances file (default: instances.json); more may follow.',
    }),
  }

  async run(): Promise<{readonly problems: readonly Problem[]}> {
    const {argv} = await this.parse(Validate)
    const files = argv.length === 0 ? ['instances.json'] : argv.map(String)
    const problems = await validateFiles(files, await this.loadRegistry())
    for (const problem of problems) {
      this.log(formatProblem(problem))
    }

    const errors = problems.filter(({severity}) => severity === 'error').length
    this.log(summaryOf(files.length, errors, problems.length - errors))
    process.exitCode = errors === 0 ? 0 : usageExitCode
    return {problems}
  }
}

function summaryOf(files: number, errors: number, warnings: number): string {
  return `${count(files, 'file')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
