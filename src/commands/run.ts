import * as Flags from '@oclif/core/flags'
import {openOutput} from '../console/console-sink.js'
import {messageOf, UsageError} from '../errors/errors.js'
import {refusePrintedInput} from '../host/write-file.js'
import {sizeInBytes} from '../instances/size.js'
import {inputFiles} from '../launch/input-files.js'
import {describeRun, overrideInstance, type RunRequest, type StepPlan} from '../launch/prepare-run.js'
import {makeReady, runInstance} from '../launch/run-instance.js'
import {chooseRenderer} from '../render/renderer.js'
import {planScript} from '../render/shell-script.js'
import {BaseCommand, hostFlags, instanceArgument, jobFlags, someText} from '../start/base-command.js'
import {settleExit} from '../start/exit-codes.js'
import {leaveRun, unblockTerminals} from '../start/lost-output.js'
import {paragraphs} from '../start/paragraphs.js'
import {showError} from '../start/show-error.js'
import type {RunTrace} from '../tracing/run-trace.js'
import {openInstance} from '../validation/open-instance.js'

/** What happens with what a run gives. */
interface OutputFlags {
  readonly console: string
  readonly log: string
  /** How much of either a file takes, in bytes. */
  readonly limit: number
  readonly 'job-exit-code': boolean
}

const outputFlag = {
  default: 'none',
  parse: async (named: string) => (named === '-' ? 'stdout' : await someText(named)),
  helpValue: 'none|stdout|FILE',
} as const

export default class RunInstance extends BaseCommand {
  static override summary = 'Run a throw-away virtual machine, and leave nothing behind.'
  static override description = paragraphs(
    "Puts a copy-on-write overlay on the instance's image, hands its configuration to the guest on a config disk,",
    'starts QEMU, shuts the guest down when its time is up, and removes everything.',
    '',
    'A guest can tell how its job goes: see docs/guests.md. From then on that decides how the run ends.',
    '',
    "Ctrl-C, like SIGTERM, presses the guest's power button and waits for the instance's grace-seconds. While a guest",
    'is being shut down, for whatever reason, Ctrl-C ends it at once, and so does SIGTERM a second after the first.',
    '',
    'Exits with 0 when the job ended with 0, or the guest told nothing of one and shut itself down (completed), 4 when',
    'the job ended otherwise (job-failed), 5 when the guest was not ready in time (boot-failed), 3 when it crashed',
    '(guest-failed), 124 when its time was up (timed-out), 130 after Ctrl-C (interrupted), 143 after SIGTERM',
    '(terminated), 1 when vmrun, QEMU or the host failed or lacks something (infra-failed), and 2 when the arguments,',
    'the instances file or the image are wrong.',
    '',
    'With --json, each event of the run is one JSON object on a line of its own; the last one holds the verdict.',
    '',
    'Where VMRUN_TRACE names a file, a trace of the run is written to it, in the Trace Event Format that',
    'ui.perfetto.dev and chrome://tracing show: what took how long, child processes and QMP commands included.',
  )

  static override examples = [
    '<%= config.bin %> <%= command.id %> vm-1',
    {
      description: "Watch the guest's serial console:",
      command: '<%= config.bin %> <%= command.id %> vm-1 --console stdout',
    },
    {
      description: 'Give the guest the config of one job, laid over that of the instance:',
      command: 'echo \'{"job": 42}\' | <%= config.bin %> <%= command.id %> vm-1 --config -',
    },
    {
      description: 'See what would be done, and do it by hand:',
      command: '<%= config.bin %> <%= command.id %> vm-1 --dry-run',
    },
  ]

  static override args = {NAME: instanceArgument}
  static override flags = {
    ...jobFlags,
    timeout: Flags.integer({
      summary: "How long the guest may run, from 1 to 2147483648, instead of the instance's timeout-seconds.",
      helpValue: 'SECONDS',
      min: 1,
      max: 2 ** 31,
    }),
    ...hostFlags,
    'require-kvm': Flags.boolean({
      summary: 'Fail where KVM does not work, rather than emulate the guest.',
      description: 'The same as "accelerator": "kvm". Emulation is no security boundary.',
    }),
    console: Flags.string({
      summary: 'Where the guest\'s serial console goes: none, stdout (also "-"), or a file to append to.',
      description:
        'With "stdout", what vmrun itself has to say goes to stderr. With --json, "stdout" means stderr.',
      ...outputFlag,
    }),
    log: Flags.string({
      summary:
        'Where the output of the job goes, as the guest sends it to its port org.vmrun.log: as for --console.',
      ...outputFlag,
    }),
    'output-limit': Flags.string({
      summary: 'How much of console and log each a file takes, such as 64M; of more, the beginning is kept.',
      default: '64M',
      helpValue: 'SIZE',
    }),
    'job-exit-code': Flags.boolean({
      summary: 'Exit as the job did, where it failed: 1, 2, 3, 5 and above 123 then have two meanings.',
    }),
    'dry-run': Flags.boolean({
      summary: 'Print what each step would do, ready to paste into a shell. Start nothing.',
    }),
  }

  async run(): Promise<{readonly steps: readonly StepPlan[]} | undefined> {
    const {args, flags} = await this.parse(RunInstance)
    const limit = sizeInBytes(flags['output-limit'], '--output-limit')
    if (flags.console === 'stdout' && flags.log === 'stdout') {
      throw new UsageError('--console and --log both want standard output', {
        hint: 'Name a file for one of them.',
      })
    }

    const {VMRUN_TRACE: file} = process.env
    // Nothing of it is even loaded unless somebody asks for it.
    const tracing = file && !flags['dry-run'] ? await import('../tracing/run-trace.js') : undefined
    const trace = file && tracing ? new tracing.RunTrace(file) : undefined
    const ready = flags['dry-run'] ? Promise.resolve() : makeReady()
    const registry = await this.loadRegistry()
    const opened = await openInstance(flags.file, args.NAME, registry, flags.config)
    this.showWarnings(opened.warnings)
    const inputs = inputFiles(opened)
    await refusePrintedInput(inputs)
    await trace?.refuse(inputs)
    const request: RunRequest = {
      opened: {
        ...opened,
        instance: overrideInstance(opened.instance, {
          timeout: flags.timeout,
          requireKvm: flags['require-kvm'],
          relax: flags.relax ?? [],
        }),
      },
      registry,
      workDir: flags['work-dir'],
      user: flags.user,
      cacheDirectory: this.config.cacheDir,
      environment: process.env,
    }
    if (flags['dry-run']) {
      const steps = await describeRun(request)
      this.log(planScript(steps))
      return {steps}
    }

    await this.runToTheEnd(request, {...flags, limit}, ready, trace)
    return
  }

  private async runToTheEnd(
    request: RunRequest,
    flags: OutputFlags,
    ready: Promise<void>,
    trace: RunTrace | undefined,
  ): Promise<void> {
    unblockTerminals()
    const json = this.jsonEnabled()
    const inputs = inputFiles(request.opened)
    const renderer = await chooseRenderer({
      json,
      consoleOnStdout: flags.console === 'stdout' || flags.log === 'stdout',
    })
    const tellAtOnce = this.onStrayError
    this.onStrayError = text => renderer.listener({type: 'notice', text})
    const verdict = await runInstance(request, {
      ready,
      onEvent: event => {
        trace?.listener(event)
        renderer.listener(event)
      },
      openOutput: (what, onLost) =>
        openOutput(flags[what], json ? process.stderr : process.stdout, {
          ...request,
          ...{inputs, onLost, what, limit: flags.limit},
        }),
      jobExitCode: flags['job-exit-code'],
    })
    settleExit(verdict.exitCode)
    this.onStrayError = tellAtOnce
    await renderer.finish()
    if (verdict.error !== undefined && !json) {
      showError(verdict.error, json)
    }

    // As late as it can be, so that it holds all. It is no part of how the run ended.
    await trace?.write().catch((error: unknown) => this.onStrayError(messageOf(error)))
    await leaveRun(verdict.exitCode)
  }
}
