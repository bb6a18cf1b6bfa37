import {expect, test} from 'vitest'
import {eventsOf} from '../e2e/host.js'
import {guestImage} from '../guest-image.js'
import {temporaryDirectory} from '../temporary-directory.js'
import {packedExample} from './example.js'
import {Shell} from './shell.js'

test('an architecture that is packed and installed is as one of vmrun’s own', async () => {
  const common = {arch: 's390x', image: await guestImage('linux-s390x'), 'grace-seconds': 3600}
  const shell = await Shell.with(
    {name: 'vm-1', ...common, config: {greeting: 'Grüße', action: 'wait'}},
    {name: 'vm-2', ...common, config: {action: 'panic'}},
    {name: 'vm-3', ...common, config: {action: 'job', script: 'exit 7'}},
  )
  const file = await packedExample('vmrun-plugin-s390x', await temporaryDirectory())
  await shell.type(`vmrun plugins install ${file}`)

  // Its guest boots, reads its configuration and ejects it. Without ACPI it is asked to shut down by Ctrl-Alt-Del.
  const run = shell.start('exec vmrun run vm-1 --json --console stdout')
  await run.printed(/guest: waiting/u)
  run.signal('SIGINT')
  const {exitCode, stdout, stderr} = await run.ended
  expect(stderr).toContain('{"name":"vm-1","config":{"greeting":"Grüße","action":"wait"}}')
  expect(stderr).toMatch(/guest: ejected.*guest: address 10\.0\.2\.15.*guest: power button/su)
  const events = eventsOf({stdout})
  expect(events).toContainEqual(expect.objectContaining({type: 'config-disk-ejected'}))
  expect(stdout).toContain('shut down when asked to')
  expect(exitCode).toBe(130)

  // One that panics has failed: its processor stops in a disabled wait, and no device is needed.
  const panicked = await shell.try('vmrun run vm-2')
  expect(panicked.stderr).toContain('the guest panicked')
  expect(panicked.exitCode).toBe(3)

  // One whose job fails tells so.
  const failed = await shell.try('vmrun run vm-3 --json')
  expect(eventsOf(failed).at(-1)).toMatchObject({verdict: 'job-failed', job: {exitCode: 7}})
  expect(failed.exitCode).toBe(4)
  await shell.host.expectNothingLeft()

  const doctor = await shell.try('vmrun doctor')
  expect(doctor.stdout).toMatch(/qemu s390x +good/u)
  expect(doctor.stdout).toMatch(/vm-1 +good/u)
  await shell.type(`sed 's/"arch":"s390x"/"arch":"s390"/' instances.json >mistyped.json`)
  expect((await shell.try('vmrun validate mistyped.json')).stdout).toContain('did you mean s390x')
})
