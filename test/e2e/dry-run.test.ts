import {copyFile, readdir, symlink, writeFile} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {Command} from './command.js'
import {Host} from './host.js'

/** Everything that a shell, or QEMU's old option syntax, reads something into. */
const hostile = 'it\'s, "the" $(touch owned) `id` \\ %s = file:x,readonly=off & ü'

test('what --dry-run prints can be pasted into a shell: the same machine boots, and nothing is left', async () => {
  const host = await Host.with({name: hostile, image: `${hostile}.qcow2`, config: {word: 'sesame'}})
  await copyFile(await guestImage('nano'), host.path(`${hostile}.qcow2`))
  await writeFile(host.path('vmrun'), `#!/bin/sh\nexec '${process.execPath}' '${Host.program}' "$@"\n`, {
    mode: 0o755,
  })
  const {stdout: script, stderr} = await host.vmrun('run', '--dry-run', '--', hostile)
  expect(stderr).toBe('')
  await host.expectNothingLeft()

  const environment = {...host.environment, PATH: `${host.directory}:${host.environment['PATH']}`}
  const pasted = await new Command('sh', ['-e', '-c', script], environment, host.directory).ended
  expect(pasted.stdout).toContain(
    `nano: instance.json ${JSON.stringify({name: hostile, config: {word: 'sesame'}})}`,
  )
  expect(pasted.exitCode).toBe(0)
  expect(await readdir(host.directory)).not.toContain('owned')
  await host.expectNothingLeft()
})

test('a run gives the guest the same, whatever the name, the path and the config hold', async () => {
  const host = await Host.with({name: hostile, image: `${hostile}.qcow2`, config: {[hostile]: hostile}})
  await copyFile(await guestImage('nano'), host.path(`${hostile}.qcow2`))
  await symlink('work', host.path(hostile.replace('/', '')))
  const {stdout, exitCode} = await host.vmrun(
    'run',
    '--console',
    'stdout',
    '--work-dir',
    hostile,
    '--',
    hostile,
  )
  expect(stdout).toContain(
    `nano: instance.json ${JSON.stringify({name: hostile, config: {[hostile]: hostile}})}`,
  )
  expect(exitCode).toBe(0)
  expect(await readdir(host.directory)).not.toContain('owned')
  await host.expectNothingLeft()
})

test('--dry-run tells what each step would do, and starts nothing', async () => {
  const host = await Host.with({
    name: 'vm-1',
    'root-disk': '80G',
    'timeout-seconds': 90,
    accelerator: 'auto',
  })
  const cache = host.emptyCache()
  const {stdout, exitCode} = await host.vmrun('run', 'vm-1', '--dry-run', '--timeout', '60')
  const titles = stdout.split('\n').filter(line => line.startsWith('#'))
  expect(titles).toEqual([
    `# Run record: removes what dead runs left; keeps its own in ${host.path('state')}`,
    expect.stringMatching(/^# Overlay: 80 GiB on nano-\w+\.qcow2$/u),
    '# Config disk: CD-ROM',
    expect.stringMatching(/^# QEMU: x86_64, 1 core, 256M of RAM, \w/u),
    '# Guest: runs for up to 1m, then has 1m to shut down after its power button is pressed',
    '# Cleanup: removes all of it',
  ])
  expect(exitCode).toBe(0)
  // But what was compiled of vmrun itself.
  expect(await readdir(cache)).toEqual(['code'])
  await host.expectNothingLeft()
})

test('--dry-run --json gives the steps with their commands as lists of words', async () => {
  const host = await Host.with({name: 'vm-1'})
  const {stdout} = await host.vmrun('run', 'vm-1', '--dry-run', '--json')
  const {steps} = JSON.parse(stdout)
  expect(steps.map(({name}: {readonly name: string}) => name)).toEqual([
    'run-record',
    'overlay',
    'config-disk',
    'qemu',
    'timeout-watch',
    'cleanup',
  ])
  expect(steps[3].commands[0][0]).toMatch(/qemu-system-x86_64$/u)
})

test('--dry-run warns of protections that are relaxed', async () => {
  const host = await Host.with({name: 'vm-1', relax: ['spawn']})
  const {stdout} = await host.vmrun('run', 'vm-1', '--dry-run', '--relax', 'obsolete')
  expect(stdout).toMatch(/^# QEMU: .*QEMU may start programs \(spawn\).*\(obsolete\)$/mu)
})

test('--dry-run finds what would fail', async () => {
  const host = await Host.with({name: 'vm-1', image: 'missing.qcow2'})
  const {stderr, exitCode} = await host.vmrun('run', 'vm-1', '--dry-run')
  expect(stderr).toContain('does not exist')
  expect(exitCode).toBe(1)
})
