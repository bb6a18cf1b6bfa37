import {findStateDirectory} from '../residue/state-directory.js'
import {type SweepReport, sweep} from '../residue/sweep.js'
import {BaseCommand} from '../start/base-command.js'
import {paragraphs} from '../start/paragraphs.js'
import {printable} from '../text/printable.js'

/** What was found in the state directory, and what became of it. */
interface PruneReport extends SweepReport {
  readonly stateDirectory: string
}

export default class Prune extends BaseCommand {
  static override summary = 'Remove what runs left whose vmrun was killed.'
  static override description = paragraphs(
    'Ends the QEMU of each run whose vmrun is gone, and removes its record. Says what it removed, and what it left alone',
    'and why: never touches anything of a vmrun that is alive. Every run does the same before it starts, so there is no',
    'need to call this regularly.',
    '',
    'Records are kept in VMRUN_STATE_DIR; by default in $XDG_RUNTIME_DIR/vmrun, for root in /run/vmrun, and otherwise in',
    '~/.local/state/vmrun/HOSTNAME. Only what is recorded there is seen: a run from cron and one from a login may have',
    'different directories, unless VMRUN_STATE_DIR names one for both.',
    '',
    'Exits with 0, also when there was nothing to remove, and with 1 when something could not be removed.',
  )

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'The QEMUs that were killed, for a script:',
      command: "<%= config.bin %> <%= command.id %> --json | jq '.removed[].killed // empty'",
    },
  ]

  async run(): Promise<PruneReport> {
    await this.parse(Prune)
    const {path: stateDirectory} = findStateDirectory(process.env)
    const report = {stateDirectory, ...(await sweep(stateDirectory))}
    this.log(textOf(report))
    this.exitCode = report.failed.length === 0 ? 0 : 1
    return report
  }
}

function textOf({stateDirectory, removed, leftAlone, failed}: PruneReport): string {
  return [
    ...(removed.length + failed.length === 0 ? [`Nothing to remove in ${stateDirectory}.`] : []),
    ...removed.map(({text}) => `Removed ${text}`),
    ...leftAlone.map(({file, text}) => `Left alone ${file}: ${text}`),
    ...failed.map(({file, text}) => `Could not remove ${file}: ${text}`),
  ]
    .map(printable)
    .join('\n')
}
