import {expect, test} from 'vitest'
import type {Command} from './command.js'
import {eventsOf, Host} from './host.js'

interface Case {
  readonly when: string
  readonly verdict: string
  readonly exitCode: number
  readonly instance: object
  /** What happens to the run once its guest has printed `line`. */
  readonly event?: {readonly line: RegExp; readonly act: (run: Command, qemu: number) => void}
  /** Found in the title that the guest's step ends with, or in the error. */
  readonly says: RegExp
}

/** What is printed when the power button is pressed, with and without `--json`. */
const pressed = /"rung":"powerdown"|pressing the guest's power button/u

const cases: readonly Case[] = [
  {
    when: 'the guest shuts itself down',
    verdict: 'completed',
    exitCode: 0,
    instance: {config: {action: 'power-off'}},
    says: /shut itself down/u,
  },
  {
    when: 'the guest is done and might have run for 2^31 seconds',
    verdict: 'completed',
    exitCode: 0,
    instance: {'timeout-seconds': 2 ** 31},
    says: /shut itself down/u,
  },
  {
    when: 'the time is up and the guest obeys the power button',
    verdict: 'timed-out',
    exitCode: 124,
    instance: {config: {action: 'wait'}, 'timeout-seconds': 1},
    says: /shut down when asked to/u,
  },
  {
    when: 'the time is up and the guest ignores the power button',
    verdict: 'timed-out',
    exitCode: 124,
    instance: {config: {action: 'ignore'}, 'timeout-seconds': 1, 'grace-seconds': 1},
    says: /was ended/u,
  },
  {
    when: 'the time is up, the guest keeps its processor busy, and there is no grace period',
    verdict: 'timed-out',
    exitCode: 124,
    instance: {config: {action: 'spin'}, 'timeout-seconds': 1, 'grace-seconds': 0},
    says: /was ended/u,
  },
  {
    when: 'the time is up while the guest resets again and again',
    verdict: 'timed-out',
    exitCode: 124,
    instance: {config: {action: 'reset'}, 'timeout-seconds': 1, 'grace-seconds': 0},
    says: /was ended/u,
  },
  {
    when: 'the time is up, the guest ignores the power button, and Ctrl-C is pressed meanwhile',
    verdict: 'timed-out',
    exitCode: 124,
    instance: {config: {action: 'ignore'}, 'timeout-seconds': 1, 'grace-seconds': 3600},
    event: {line: pressed, act: run => run.signal('SIGINT')},
    says: /was ended/u,
  },
  {
    when: 'Ctrl-C is pressed',
    verdict: 'interrupted',
    exitCode: 130,
    instance: {config: {action: 'wait'}},
    event: {line: /nano: waiting/u, act: run => run.signal('SIGINT')},
    says: /shut down when asked to/u,
  },
  {
    when: 'Ctrl-C is pressed twice and the guest ignores the power button',
    verdict: 'interrupted',
    exitCode: 130,
    instance: {config: {action: 'ignore'}, 'grace-seconds': 3600},
    event: {
      line: /nano: ignoring/u,
      act: run => {
        run.signal('SIGINT')
        run.printed(pressed).then(
          () => run.signal('SIGINT'),
          () => undefined,
        )
      },
    },
    says: /was ended/u,
  },
  {
    when: 'SIGTERM comes',
    verdict: 'terminated',
    exitCode: 143,
    instance: {config: {action: 'wait'}},
    event: {line: /nano: waiting/u, act: run => run.signal('SIGTERM')},
    says: /shut down when asked to/u,
  },
  {
    when: 'the terminal goes away',
    verdict: 'terminated',
    exitCode: 143,
    instance: {config: {action: 'wait'}},
    event: {line: /nano: waiting/u, act: run => run.signal('SIGHUP')},
    says: /shut down when asked to/u,
  },
  {
    when: 'SIGQUIT comes',
    verdict: 'terminated',
    exitCode: 143,
    instance: {config: {action: 'wait'}},
    event: {line: /nano: waiting/u, act: run => run.signal('SIGQUIT')},
    says: /shut down when asked to/u,
  },
  {
    when: 'the guest misses the first press of the power button',
    verdict: 'interrupted',
    exitCode: 130,
    instance: {config: {action: 'second-press'}, 'grace-seconds': 3600},
    event: {line: /nano: waiting/u, act: run => run.signal('SIGINT')},
    says: /shut down when asked to/u,
  },
  {
    when: 'the guest panics',
    verdict: 'guest-failed',
    exitCode: 3,
    instance: {config: {action: 'panic'}},
    says: /the guest panicked/u,
  },
  {
    when: 'the guest resets the machine where that is forbidden',
    verdict: 'guest-failed',
    exitCode: 3,
    instance: {config: {action: 'reset'}, reboot: 'forbid'},
    says: /the guest was reset/u,
  },
  {
    when: 'the guest crashes its processor where resets are forbidden',
    verdict: 'guest-failed',
    exitCode: 3,
    instance: {config: {action: 'triple-fault'}, reboot: 'forbid'},
    says: /the guest was reset/u,
  },
  {
    when: 'the guest resets the machine, which goes on',
    verdict: 'completed',
    exitCode: 0,
    instance: {config: {action: 'reset-once'}},
    says: /shut itself down/u,
  },
  {
    when: 'somebody kills QEMU',
    verdict: 'infra-failed',
    exitCode: 1,
    instance: {config: {action: 'wait'}},
    event: {line: /nano: waiting/u, act: (_, qemu) => process.kill(qemu, 'SIGKILL')},
    says: /QEMU was killed by SIGKILL/u,
  },
  {
    when: 'somebody tells QEMU to end',
    verdict: 'infra-failed',
    exitCode: 1,
    instance: {config: {action: 'wait'}},
    event: {line: /nano: waiting/u, act: (_, qemu) => process.kill(qemu, 'SIGTERM')},
    says: /a signal that did not come from vmrun/u,
  },
  {
    when: 'QEMU refuses its arguments',
    verdict: 'infra-failed',
    exitCode: 1,
    // More than a process can address.
    instance: {ram: '8191T'},
    says: /cannot set up guest memory/u,
  },
  {
    when: 'the image is missing',
    verdict: 'infra-failed',
    exitCode: 1,
    instance: {image: 'missing.qcow2'},
    says: /the image \S+missing\.qcow2 does not exist/u,
  },
]

test.for(cases)('a run is $verdict when $when', async ({verdict, exitCode, instance, event, says}) => {
  const host = await Host.with({name: 'vm-1', ...instance})
  const run = host.start('run', 'vm-1', '--json', '--console', 'stdout')
  if (event) {
    const {groups} = await run.printed(/"type":"machine-running","pid":(?<pid>\d+)/u)
    await run.printed(event.line)
    event.act(run, Number(groups?.['pid']))
  }

  const ending = await run.ended
  const events = eventsOf(ending)
  expect(events.at(-1)).toMatchObject({type: 'verdict', verdict, exitCode})
  expect(JSON.stringify(events.at(-1)) + titleOf(events, 'timeout-watch')).toMatch(says)
  expect(ending.exitCode).toBe(exitCode)
  expect(titleOf(events, 'cleanup')).toBe('Cleanup: nothing is left')
  await host.expectNothingLeft()
})

test.for(cases)(
  'the exit code without --json is the same when $when',
  async ({exitCode, instance, event, verdict}) => {
    const host = await Host.with({name: 'vm-1', ...instance})
    const run = host.start('run', 'vm-1', '--console', 'stdout')
    if (event) {
      await run.printed(event.line)
      await run.printed(/The guest runs/u)
      const [qemu] = await host.qemus()
      event.act(run, Number(qemu))
    }

    const ending = await run.ended
    expect(ending.stderr).toMatch(new RegExp(`^vm-1: ${verdict} after`, 'mu'))
    expect(ending.exitCode).toBe(exitCode)
    await host.expectNothingLeft()
  },
)

function titleOf(events: ReturnType<typeof eventsOf>, step: string): unknown {
  return events.find(event => event['type'] === 'step-done' && event['step'] === step)?.['title']
}
