import {readFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {eventsOf, Host} from './host.js'

/** Runs an instance until its guest waits, and gives QEMU's command line and what vmrun has noticed. */
async function started(
  instance: object,
  ...flags: readonly string[]
): Promise<{line: string; notices: unknown[]}> {
  const host = await Host.with({name: 'vm-1', config: {action: 'wait'}, ...instance})
  const run = host.start('run', ...flags, 'vm-1', '--json', '--console', 'stdout')
  await run.printed(/nano: waiting/u)
  const [qemu] = await host.qemus()
  const line = (await readFile(`/proc/${qemu}/cmdline`, 'utf8')).replaceAll('\0', ' ')
  run.signal('SIGTERM')
  const events = eventsOf(await run.ended)
  await host.expectNothingLeft()
  return {line, notices: events.filter(({type}) => type === 'notice').map(event => event['text'])}
}

test('nothing is relaxed, and nothing warned of, unless asked for', async () => {
  const {line, notices} = await started({})
  expect(line).toContain('on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny')
  expect(notices).toEqual([])
})

test('what the instance and the command line relax is relaxed, with a warning each', async () => {
  const {line, notices} = await started(
    {relax: ['spawn']},
    '--relax',
    'obsolete',
    '--relax',
    'resourcecontrol',
  )
  expect(line).toContain('on,obsolete=allow,elevateprivileges=deny,spawn=allow,resourcecontrol=allow')
  expect(notices).toEqual([
    'Relaxed: QEMU may start programs (spawn)',
    'Relaxed: QEMU may make obsolete system calls (obsolete)',
    'Relaxed: QEMU may change its own limits and priorities (resourcecontrol)',
  ])
})

test.each([
  [[], '1'],
  [['no-new-privs'], '0'],
])('a program around QEMU gets no further privileges unless relaxed: %j', async (relax, flag) => {
  const host = await Host.with({name: 'vm-1', relax})
  await host.putBeforeQemu('grep NoNewPrivs /proc/$$/status >&2; exit 7')
  const {stderr} = await host.vmrun('run', 'vm-1')
  expect(stderr).toMatch(new RegExp(`NoNewPrivs:.*${flag}$`, 'mu'))
})

test('an unknown protection is an error of the command line', async () => {
  const host = await Host.with({name: 'vm-1'})
  const {exitCode, stderr} = await host.vmrun('run', 'vm-1', '--relax', 'everything')
  expect(stderr).toContain('--relax=everything')
  expect(exitCode).toBe(2)
})

test('--require-kvm contradicts an instance that asks for emulation', async () => {
  const host = await Host.with({name: 'vm-1', accelerator: 'tcg'})
  const {exitCode, stderr} = await host.vmrun('run', 'vm-1', '--require-kvm')
  expect(stderr).toContain('--require-kvm does not go with "accelerator": "tcg"')
  expect(exitCode).toBe(2)
  await host.expectNothingLeft()
})

test('--require-kvm refuses to emulate a guest that cannot be accelerated', async () => {
  const foreign = process.arch === 'x64' ? 'aarch64' : 'x86_64'
  const host = await Host.with({name: 'vm-1', accelerator: 'auto', arch: foreign})
  const {exitCode, stderr} = await host.vmrun('run', 'vm-1', '--require-kvm')
  expect(stderr).toMatch(new RegExp(`cannot be used for ${foreign}`, 'u'))
  expect(exitCode).toBe(1)
  await host.expectNothingLeft()
})
