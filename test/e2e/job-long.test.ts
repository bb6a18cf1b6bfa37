import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import type {Ending} from './command.js'
import {eventsOf, Host} from './host.js'
import {expectAllHeard} from './two-speakers.js'

test('no word of thousands is lost', async () => {
  await expectAllHeard(1000)
})

/** A host with the files for guests, and an instance of the guest with cloud-init. */
async function cloudHost(userData: unknown): Promise<Host> {
  const host = await Host.with({
    ...{name: 'vm-1', image: await guestImage('cloud-x86_64'), ram: '512M', 'cpu-cores': 2},
    ...{'timeout-seconds': 900, 'config-disk': 'nocloud', config: {'user-data': userData}},
  })
  await host.vmrun('guest-files')
  return host
}

/** An entry of cloud-init's `write_files`: the job. */
function job(script: string): object {
  return {path: '/usr/local/bin/job', permissions: '0755', content: `#!/bin/sh\n${script}\n`}
}

/** One of the files for guests. */
function guestFile(name: string): string {
  return `\${{ file:vmrun-guest/${name} }}`
}

function expectJobFailed(ending: Ending, exitCode: number): void {
  const events = eventsOf(ending)
  const told = ['guest-ready', 'guest-busy', 'job-ended', 'verdict']
  expect(events.map(({type}) => type).filter(type => told.includes(String(type)))).toEqual(told)
  expect(events.at(-1)).toMatchObject({verdict: 'job-failed', job: {exitCode}})
  expect(ending.exitCode).toBe(4)
}

test('a cloud image as it is runs its user’s job by cloud-init, after all other data of its user', async () => {
  const host = await cloudHost([
    guestFile('cloud-init.yaml'),
    {write_files: [job('cat /run/one /run/two; exit 7')], runcmd: ['sleep 3; echo runcmd >/run/one']},
    '#!/bin/sh\necho script, ä >/run/two\n',
  ])
  const ending = await host.vmrun('run', 'vm-1', '--json', '--log', 'log')
  expect(await host.read('log')).toBe('runcmd\nscript, ä\n')
  expectJobFailed(ending, 7)
  await host.expectNothingLeft()
}, 1_800_000)

test('an image with the unit runs its job at a boot', async () => {
  const programs = ['vmrun-say', 'vmrun-job'].map(name => ({
    path: `/usr/local/bin/${name}`,
    permissions: '0755',
    content: guestFile(name),
  }))
  const unit = {path: '/etc/systemd/system/vmrun-job.service', content: guestFile('vmrun-job.service')}
  const host = await cloudHost({
    write_files: [...programs, unit, job('exit 7')],
    runcmd: ['systemctl enable vmrun-job', 'reboot'],
  })
  const ending = await host.vmrun('run', 'vm-1', '--json')
  expect(ending.stdout).toContain('"type":"guest-rebooted"')
  expectJobFailed(ending, 7)
}, 1_800_000)

test('a job that the power button ends tells what it ended with', async () => {
  const host = await cloudHost([guestFile('cloud-init.yaml'), {write_files: [job('echo waits; sleep 1000')]}])
  const run = host.start('run', 'vm-1', '--json', '--log', 'log')
  await run.printed(/"guest-busy"/u)
  await expect.poll(() => host.read('log')).toBe('waits\n')
  run.signal('SIGINT')
  expect(eventsOf(await run.ended)).toContainEqual(
    expect.objectContaining({type: 'job-ended', exitCode: 143}),
  )
  await host.expectNothingLeft()
}, 1_800_000)
