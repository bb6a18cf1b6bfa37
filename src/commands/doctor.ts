import * as Flags from '@oclif/core/flags'
import {protections} from '../contract/instance.js'
import {examineHost, type HostReport} from '../doctor/examine-host.js'
import {doctorPage} from '../render/doctor-page.js'
import {BaseCommand, fileFlag} from '../start/base-command.js'
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
    'work-dir': Flags.string({
      summary: 'The work directory, as for "run".',
      description: 'Default: VMRUN_WORK_DIR, or else /var/tmp.',
      helpValue: 'DIRECTORY',
    }),
    user: Flags.string({
      summary: 'As root: who QEMU runs as, as for "run".',
      description:
        'Default: vmrun where /etc/passwd has a user of that name, or else a number that nobody has.',
      helpValue: 'NAME',
    }),
    'require-kvm': Flags.boolean({
      summary: 'Whether instances could run with KVM, rather than emulated; as for "run".',
    }),
    relax: Flags.option({
      summary: 'A protection that instances are to run without, as for "run". May be repeated.',
      description: `Comes on top of an instance's relax. One of ${protections.join(', ')}.`,
      options: protections,
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'PROTECTION',
    })(),
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
