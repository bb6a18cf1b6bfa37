import {readFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {eventsOf, Host} from './host.js'

test.each([
  {
    what: 'nothing is relaxed, and nothing warned of, unless asked for',
    relax: [],
    flags: [],
    sandbox: 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny',
    warnings: [],
  },
  {
    what: 'what the instance and the command line relax is relaxed, with a warning each',
    relax: ['spawn'],
    flags: ['--relax', 'obsolete', '--relax', 'resourcecontrol'],
    sandbox: 'on,obsolete=allow,elevateprivileges=deny,spawn=allow,resourcecontrol=allow',
    warnings: [
      'Relaxed: QEMU may start programs (spawn)',
      'Relaxed: QEMU may make obsolete system calls (obsolete)',
      'Relaxed: QEMU may change its own limits and priorities (resourcecontrol)',
    ],
  },
])('$what', async ({relax, flags, sandbox, warnings}) => {
  const host = await Host.with({name: 'vm-1', config: {action: 'wait'}, relax})
  const run = host.start('run', ...flags, 'vm-1', '--json', '--console', 'stdout')
  await run.printed(/nano: waiting/u)
  const [qemu] = await host.qemus()
  expect(await readFile(`/proc/${qemu}/cmdline`, 'utf8')).toContain(sandbox)
  run.signal('SIGTERM')
  const notices = eventsOf(await run.ended).filter(({type}) => type === 'notice')
  expect(notices.map(event => event['text'])).toEqual(warnings)
  await host.expectNothingLeft()
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

const foreign = process.arch === 'x64' ? 'aarch64' : 'x86_64'

test.each([
  {
    what: 'a protection that there is not',
    flags: ['--relax', 'everything'],
    says: '--relax=everything',
    code: 2,
  },
  {
    what: 'KVM for a guest that cannot be accelerated',
    instance: {accelerator: 'auto', arch: foreign},
    flags: ['--require-kvm'],
    says: `cannot be used for ${foreign}`,
    code: 1,
  },
])('$what is refused', async ({instance, flags, says, code}) => {
  const host = await Host.with({name: 'vm-1', ...instance})
  const {exitCode, stderr} = await host.vmrun('run', 'vm-1', ...flags)
  expect(stderr).toContain(says)
  expect(exitCode).toBe(code)
  await host.expectNothingLeft()
})
