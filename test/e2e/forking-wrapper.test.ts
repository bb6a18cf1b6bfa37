import {mkdir} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {writeProgram} from '../executables.js'
import {processGone} from '../process-gone.js'
import {Host} from './host.js'
import {sameUser} from './wrappers.js'

/** A host on which a program is behind a shell script that stays its parent. */
async function hostWithScript(program: string, script: string, instance: object = {}): Promise<Host> {
  const host = await Host.with({name: 'vm-1', config: {action: 'ignore'}, ...instance})
  await mkdir(host.path('bin'))
  await writeProgram(host.path('bin'), program, script)
  host.environment['PATH'] = `${host.path('bin')}:${host.environment['PATH']}`
  return host
}

const forking = '/usr/bin/qemu-system-x86_64 "$@"'

/** The ids of a script and of the QEMU that it has started. */
async function machineOf(host: Host): Promise<{readonly script: number; readonly qemu: number}> {
  const lines = Array.from(await host.processes()).filter(([, line]) => line.includes('qemu-system-x86_64'))
  const script = lines.find(([, line]) => line.startsWith('/bin/sh\0'))?.[0]
  const qemu = lines.find(([, line]) => line.startsWith('/usr/bin/qemu'))?.[0]
  expect(lines).toHaveLength(2)
  return {script: Number(script), qemu: Number(qemu)}
}

async function killReaper(host: Host): Promise<void> {
  for (const [pid, line] of await host.processes()) {
    if (line.includes('\0vmrun-reaper\0')) {
      process.kill(pid, 'SIGKILL')
    }
  }
}

test('where vmrun and its reaper are killed at once, prune ends a QEMU whose script the kernel has killed', async () => {
  const host = await hostWithScript('qemu-system-x86_64', forking)
  const run = host.start('run', 'vm-1', '--json', ...sameUser)
  await run.printed(/"type":"machine-running"/u)
  const {script, qemu} = await machineOf(host)
  await killReaper(host)
  run.signal('SIGKILL')
  await run.ended
  await processGone(script)
  expect(await host.qemus()).toEqual([qemu])
  const {stdout, exitCode} = await host.vmrun('prune')
  expect(stdout).toContain(`Removed QEMU of vm-1 (process ${script}) and its record`)
  expect(exitCode).toBe(0)
  await host.expectNothingLeft()
})

test('a QEMU that is stopped and whose script was killed is ended all the same', async () => {
  const host = await hostWithScript('qemu-system-x86_64', forking)
  const run = host.start('run', 'vm-1', '--json', ...sameUser)
  await run.printed(/"type":"machine-running"/u)
  const {script, qemu} = await machineOf(host)
  process.kill(qemu, 'SIGSTOP')
  process.kill(script, 'SIGKILL')
  await processGone(script)
  run.signal('SIGINT')
  await run.printed(/"type":"shutting-down"/u)
  run.signal('SIGINT')
  await run.ended
  // QEMU is no child of vmrun's here: the kernel takes its time to end it.
  await host.expectNothingLeftSoon()
})

test('a QEMU that hangs behind a script while accelerators are tried out is given up', async () => {
  const script = `case "$*" in *microvm*) sleep 1000 ;; *) exec /usr/bin/qemu-system-x86_64 "$@" ;; esac`
  const host = await hostWithScript('qemu-system-x86_64', script, {
    accelerator: 'auto',
    config: {action: 'off'},
  })
  expect((await host.vmrun('run', 'vm-1', ...sameUser)).exitCode).toBe(0)
  await host.expectNothingLeft()
})
