import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {eventsOf, Host} from './host.js'

interface Case {
  readonly when: string
  readonly verdict: string
  readonly exitCode: number
  /** What the job is. */
  readonly script: string
  readonly instance?: object
  readonly flags?: readonly string[]
  /** What the verdict tells of the job. */
  readonly job?: {readonly exitCode: number}
  /** Found in what is printed. */
  readonly says?: RegExp
}

const crash = 'echo c >/proc/sysrq-trigger; sleep 1000'
const forEver = 'while :; do sleep 1000; done'

const cases: readonly Case[] = [
  {when: 'the job ends with 0', verdict: 'completed', exitCode: 0, script: 'true', job: {exitCode: 0}},
  {when: 'the job ends with 7', verdict: 'job-failed', exitCode: 4, script: 'exit 7', job: {exitCode: 7}},
  {
    ...{when: 'the job ends with 7, and vmrun is to exit as it did', verdict: 'job-failed', exitCode: 7},
    ...{script: 'exit 7', flags: ['--job-exit-code'], job: {exitCode: 7}},
  },
  {
    ...{when: 'the guest panics after the end of the job', verdict: 'completed', exitCode: 0},
    ...{script: `vmrun-say exit 0; ${crash}`, job: {exitCode: 0}, says: /panicked when its job had ended/u},
  },
  {
    ...{when: 'the guest does not power off after the end of the job', verdict: 'job-failed', exitCode: 4},
    ...{script: `vmrun-say exit 3; ${forEver}`, instance: {'grace-seconds': 1}, job: {exitCode: 3}},
    says: /job-ended|the guest did not power off/u,
  },
  {
    ...{when: 'the guest panics before the end of the job', verdict: 'guest-failed', exitCode: 3},
    ...{script: crash, says: /the guest panicked/u},
  },
  {
    ...{
      when: 'the time is up, which counts from when the guest was busy',
      verdict: 'timed-out',
      exitCode: 124,
    },
    ...{script: forEver, instance: {'timeout-seconds': 20, 'grace-seconds': 1}},
  },
  {
    ...{when: 'the guest does not say in time that it is ready', verdict: 'boot-failed', exitCode: 5},
    ...{script: '', instance: {'ready-seconds': 1, 'grace-seconds': 0, config: {action: 'wait'}}},
    says: /boot-failed/u,
  },
  {
    ...{when: 'the guest has nothing to do for too long', verdict: 'completed', exitCode: 0},
    ...{script: `vmrun-say idle; ${forEver}`, instance: {'idle-seconds': 1, 'grace-seconds': 1}},
    says: /"cause":"idle"|nothing to do for too long/u,
  },
]

test.each(cases)('$verdict ($exitCode): $when', async given => {
  const {verdict, exitCode, script, instance, flags = [], job, says = /./u} = given
  const image = await guestImage('linux-x86_64')
  const host = await Host.with({name: 'vm-1', image, config: {action: 'job', script}, ...instance})
  const [told, printed] = await Promise.all([
    host.vmrun('run', 'vm-1', '--json', ...flags),
    host.vmrun('run', 'vm-1', ...flags),
  ])
  const last = eventsOf(told).at(-1)
  expect(last).toMatchObject({type: 'verdict', verdict, exitCode})
  expect(last?.['job']).toEqual(job)
  expect(told.stdout).toMatch(says)
  expect(told.exitCode).toBe(exitCode)
  expect(printed.stdout).toContain(`vm-1: ${verdict} after `)
  expect(printed.stdout + printed.stderr).toMatch(says)
  expect(printed.exitCode).toBe(exitCode)
  // One that is to be ready at once has printed nothing yet.
  const isTold = verdict !== 'completed' && verdict !== 'boot-failed'
  expect(Array.isArray(last?.['consoleTail'])).toBe(isTold)
  expect(printed.stdout.includes("The last of the guest's console:\n  ")).toBe(isTold)
  await host.expectNothingLeft()
})
