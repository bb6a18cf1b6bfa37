import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {eventsOf, Host} from './host.js'
import {expectAllHeard} from './two-speakers.js'

test.each(['x86_64', 'aarch64'] as const)(
  'a guest on %s tells that it is ready, that its job has begun and what it ended with, and powers off',
  async arch => {
    const host = await Host.with({
      ...{name: 'vm-1', arch, image: await guestImage(`linux-${arch}`)},
      config: {
        action: 'job',
        script: 'cat /run/instance.json; vmrun-say status half of it is done; echo an error >&2; exit 7',
      },
    })
    const ending = await host.vmrun('run', 'vm-1', '--json', '--log', 'log')
    const events = eventsOf(ending)
    expect(events.filter(({type}) => /^(?:guest|job)-|^verdict$/u.test(String(type)))).toEqual([
      expect.objectContaining({type: 'guest-ready', seconds: expect.any(Number)}),
      expect.objectContaining({type: 'guest-busy', remainingSeconds: expect.any(Number)}),
      expect.objectContaining({type: 'guest-status', text: 'half of it is done'}),
      expect.objectContaining({type: 'job-ended', exitCode: 7}),
      expect.objectContaining({type: 'verdict', verdict: 'job-failed', exitCode: 4, job: {exitCode: 7}}),
    ])
    expect(await host.read('log')).toMatch(/^\{"name":"vm-1","config":\{.*\}\}\nan error\n$/u)
    expect(ending.exitCode).toBe(4)
    await host.expectNothingLeft()
  },
)

test.each([
  ['a command that is not there', 'exec no-such-command', 127],
  ['a command that a signal ends', 'kill -9 $$', 137],
  ['a command that is done', 'true', 0],
])('%s ends with a code too: %s, %i', async (_, script, exitCode) => {
  const image = await guestImage('linux-x86_64')
  const host = await Host.with({name: 'vm-1', image, network: 'none', config: {action: 'job', script}})
  const ending = await host.vmrun('run', 'vm-1', '--json')
  const verdict = exitCode === 0 ? 'completed' : 'job-failed'
  expect(eventsOf(ending).at(-1)).toMatchObject({verdict, job: {exitCode}})
  expect(ending.exitCode).toBe(exitCode === 0 ? 0 : 4)
})

test('a job runs also where another process of the guest holds the log: what it prints goes to the console', async () => {
  const image = await guestImage('linux-x86_64')
  const script = "exec 5>$(ls /dev/vport*p3); vmrun-job sh -c 'echo guest: the job runs; exit 7'"
  const config = {action: 'script', 'keep-disk': true, script}
  const host = await Host.with({name: 'vm-1', image, network: 'none', config})
  const ending = await host.vmrun('run', 'vm-1', '--json', '--console', 'stdout')
  expect(ending.stderr).toContain('guest: the job runs\r\n')
  expect(eventsOf(ending).at(-1)).toMatchObject({verdict: 'job-failed', job: {exitCode: 7}})
})

test('no word is lost, and none overtakes another of its process', async () => {
  await expectAllHeard(200)
})
