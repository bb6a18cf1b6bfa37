import * as Flags from '@oclif/core/flags'
import {examineHost, type HostReport} from '../doctor/examine-host.js'
import {doctorPage} from '../render/doctor-page.js'
import {BaseCommand, fileFlag, hostFlags} from '../start/base-command.js'
import {paragraphs} from '../start/paragraphs.js'

export default class Doctor extends BaseCommand {
  static override summary = 'Tell how well this host can run guests, and what to do about it.'
  static override description = paragraphs(
    'Looks for what guests need, and tries it: QEMU and its firmware, acceleration, what protects the host, the',
    'directories that vmrun uses, limits. Each line says good, poor (guests run, but worse than they could) or missing',
    '(guests that need it do not run), and below it what to do. No guest is started, and nothing is left behind but what',
    'is remembered of QEMU.',
    '',
    'Then says of each instance of the instances file whether it could run here, as the current user. What placeholders',
    'stand for is not looked up. Where there is no instances.json, only the host is looked at.',
    '',
    'Exits with 0, also when something is poor or missing, with 1 when an instance could not run, and with 2 when the',
    'arguments or the instances file do not hold.',
  )

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'What is not as it could be, for a script:',
      command:
        '<%= config.bin %> <%= command.id %> --json | jq -r \'.findings[] | select(.state != "good") | .message\'',
    },
  ]

  static override flags = {
    file: fileFlag,
    ...hostFlags,
    'require-kvm': Flags.boolean({
      summary: 'Whether instances could run with KVM, rather than emulated; as for "run".',
    }),
  }

  async run(): Promise<HostReport> {
    const {flags, metadata} = await this.parse(Doctor)
    const {report, warnings} = await examineHost({
      registry: await this.loadRegistry({warn: false}),
      file: flags.file,
      fileIsNamed: metadata.flags['file']?.setFromDefault !== true,
      workDir: flags['work-dir'],
      user: flags.user,
      overrides: {requireKvm: flags['require-kvm'], relax: flags.relax ?? []},
      cacheDirectory: this.config.cacheDir,
      environment: process.env,
    })
    this.showWarnings(warnings)
    this.log(doctorPage(report, process.stdout.columns))
    this.exitCode = report.instances.every(({state}) => state === 'good') ? 0 : 1
    return report
  }
}
