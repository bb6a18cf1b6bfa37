import {expect, test} from 'vitest'
import type {Command} from './command.js'
import {eventsOf, Host} from './host.js'

interface Case {
  readonly when: string
  readonly verdict: string
  readonly exitCode: number
  readonly instance: object
  /** What happens to the run once its guest has printed `line`; by default it waits. */
  readonly act?: (run: Command, qemu: number) => void
  readonly line?: RegExp
  /** Found in what is printed. */
  readonly says: RegExp
}

/** What is printed when the power button is pressed, with and without `--json`. */
const pressed = /"rung":"powerdown"|pressing the guest's power button/u

const completed = {verdict: 'completed', exitCode: 0, says: /shut itself down/u}
const timedOut = {verdict: 'timed-out', exitCode: 124, says: /was ended/u}
const interrupted = {verdict: 'interrupted', exitCode: 130, says: /shut down when asked to/u}
const terminated = {verdict: 'terminated', exitCode: 143, says: /shut down when asked to/u}
const guestFailed = {verdict: 'guest-failed', exitCode: 3}
const infraFailed = {verdict: 'infra-failed', exitCode: 1}

const waiting = {config: {action: 'wait'}}
const noGrace = {'timeout-seconds': 1, 'grace-seconds': 0}
const longGrace = {'grace-seconds': 3600}

const cases: readonly Case[] = [
  {
    ...completed,
    when: 'the guest shuts itself down, and might have run for 2^31 seconds',
    instance: {'timeout-seconds': 2 ** 31},
  },
  {
    ...completed,
    when: 'the guest resets the machine, which goes on',
    instance: {config: {action: 'reset-once'}},
    says: /"type":"guest-rebooted".*shut itself down/su,
  },
  {
    ...timedOut,
    when: 'the time is up and the guest obeys the power button',
    instance: {...waiting, 'timeout-seconds': 1},
    says: /shut down when asked to/u,
  },
  {
    ...timedOut,
    when: 'the time is up and the guest ignores the power button',
    instance: {config: {action: 'ignore'}, 'timeout-seconds': 1, 'grace-seconds': 1},
  },
  {
    ...timedOut,
    when: 'the time is up, the guest keeps its processor busy, and there is no grace period',
    instance: {config: {action: 'spin'}, ...noGrace},
  },
  {
    ...timedOut,
    when: 'the time is up while the guest resets again and again',
    instance: {config: {action: 'reset'}, ...noGrace},
  },
  {
    ...timedOut,
    when: 'the time is up, the guest ignores the power button, and Ctrl-C is pressed meanwhile',
    instance: {config: {action: 'ignore'}, 'timeout-seconds': 1, ...longGrace},
    line: pressed,
    act: run => run.signal('SIGINT'),
  },
  {...interrupted, when: 'Ctrl-C is pressed', instance: waiting, act: run => run.signal('SIGINT')},
  {
    ...interrupted,
    when: 'Ctrl-C is pressed twice and the guest ignores the power button',
    instance: {config: {action: 'ignore'}, ...longGrace},
    line: /nano: ignoring/u,
    act: run => {
      run.signal('SIGINT')
      run.printed(pressed).then(
        () => run.signal('SIGINT'),
        () => undefined,
      )
    },
    says: /was ended/u,
  },
  {
    ...interrupted,
    when: 'the guest misses the first press of the power button',
    instance: {config: {action: 'second-press'}, ...longGrace},
    act: run => run.signal('SIGINT'),
  },
  {...terminated, when: 'SIGTERM comes', instance: waiting, act: run => run.signal('SIGTERM')},
  {...terminated, when: 'the terminal goes away', instance: waiting, act: run => run.signal('SIGHUP')},
  {
    ...guestFailed,
    when: 'the guest panics',
    instance: {config: {action: 'panic'}},
    says: /the guest panicked/u,
  },
  {
    ...guestFailed,
    when: 'the guest resets the machine where that is forbidden',
    instance: {config: {action: 'reset'}, reboot: 'forbid'},
    says: /the guest was reset/u,
  },
  {
    ...guestFailed,
    when: 'the guest crashes its processor where resets are forbidden',
    instance: {config: {action: 'triple-fault'}, reboot: 'forbid'},
    says: /the guest was reset/u,
  },
  {
    ...infraFailed,
    when: 'somebody kills QEMU',
    instance: waiting,
    act: (_, qemu) => process.kill(qemu, 'SIGKILL'),
    says: /QEMU was killed by SIGKILL"/u,
  },
  {
    ...infraFailed,
    when: 'somebody tells QEMU to end',
    instance: waiting,
    act: (_, qemu) => process.kill(qemu, 'SIGTERM'),
    says: /a signal that did not come from vmrun/u,
  },
  {
    ...infraFailed,
    when: 'QEMU refuses its arguments',
    // More than a process can address.
    instance: {ram: '8191T'},
    says: /cannot set up guest memory/u,
  },
  {
    ...infraFailed,
    when: 'the image is missing',
    instance: {image: 'missing.qcow2'},
    says: /the image \S+missing\.qcow2 does not exist/u,
  },
]

/** Plays a case to its end. */
async function play({instance, line = /nano: waiting/u, act}: Case, ...flags: readonly string[]) {
  const host = await Host.with({name: 'vm-1', ...instance})
  const run = host.start('run', 'vm-1', '--console', 'stdout', ...flags)
  if (act) {
    await run.printed(line)
    await run.printed(/"machine-running"|The guest runs/u)
    const [qemu] = await host.qemus()
    act(run, Number(qemu))
  }

  const ending = await run.ended
  await host.expectNothingLeft()
  return ending
}

test.for(cases)('a run is $verdict when $when', async one => {
  const ending = await play(one, '--json')
  const events = eventsOf(ending)
  const {verdict, exitCode, says} = one
  expect(events.at(-1)).toMatchObject({type: 'verdict', verdict, exitCode})
  expect(ending.stdout).toMatch(says)
  expect(ending.exitCode).toBe(exitCode)
  expect(ending.stdout).toContain('"title":"Cleanup: nothing is left"')
})

const oneOfEach = Array.from(new Map(cases.map(one => [one.verdict, one])).values())

test.for(oneOfEach)('the exit code without --json is the same when $when', async one => {
  const ending = await play(one)
  expect(ending.stderr).toMatch(new RegExp(`^vm-1: ${one.verdict} after`, 'mu'))
  expect(ending.exitCode).toBe(one.exitCode)
})
