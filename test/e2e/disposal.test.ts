import {copyFile, readdir} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {sha256OfFile} from '../sha256.js'
import type {Ending} from './command.js'
import {eventsOf, Host} from './host.js'
import {sameUser} from './wrappers.js'

test('several runs of one image at once do not meet: each guest finds what it wrote, and the image has not changed by a bit', async () => {
  const host = await Host.with({name: 'vm-1', image: 'base.qcow2', config: {action: 'reset-once'}})
  await copyFile(await guestImage('nano'), host.path('base.qcow2'))
  const before = await sha256OfFile(host.path('base.qcow2'))
  const endings = await Promise.all([1, 2, 3].map(() => host.vmrun('run', 'vm-1', '--console', 'stdout')))
  for (const {stdout, exitCode} of endings) {
    expect(stdout.match(/nano: resetting/gu)).toHaveLength(1)
    expect(stdout).toContain('nano: came back')
    expect(exitCode).toBe(0)
  }

  expect(await sha256OfFile(host.path('base.qcow2'))).toBe(before)
  await host.expectNothingLeft()
})

test('while it runs, nothing of a run has a name on disk, and what the guest has ejected is gone from the host', async () => {
  const host = await Host.with(
    {name: 'vm-1', config: {action: 'wait'}},
    {name: 'vm-2', config: {action: 'eject'}},
  )
  const run = host.start('run', 'vm-1', '--console', 'stdout')
  await run.printed(/nano: instance\.json \{"name":"vm-1","config":\{"action":"wait"\}\}.*nano: waiting/su)
  expect(await readdir(host.path('work'))).toEqual([])
  expect(await readdir(host.path('tmp'))).toEqual([])
  expect(await host.filesWith('vm-1')).not.toEqual([])
  const ejecting = host.start('run', 'vm-2', '--json', '--console', 'stdout')
  await ejecting.printed(/"type":"config-disk-ejected"/u)
  expect(await host.filesWith('vm-2')).toEqual([])
  for (const one of [run, ejecting]) {
    one.signal('SIGINT')
    expect((await one.ended).exitCode).toBe(130)
  }

  await host.expectNothingLeft()
})

describe('a run that is told to stop leaves nothing, and says so in its verdict', () => {
  function expectStopped(ending: Ending, exitCode: number): void {
    expect(ending.exitCode).toBe(exitCode)
    const events = eventsOf(ending)
    expect(events.at(-1)).toMatchObject({type: 'verdict', exitCode})
    expect(events.filter(({type, error}) => type === 'step-failed' || error !== undefined)).toEqual([])
  }

  test.for([
    ['SIGINT', 'run-started'],
    ['SIGTERM', 'step-started","step":"overlay'],
    ['SIGINT', 'step-done","step":"overlay'],
    ['SIGTERM', 'step-started","step":"config-disk'],
    ['SIGINT', 'step-done","step":"config-disk'],
    ['SIGTERM', 'step-started","step":"qemu'],
    ['SIGINT', 'step-progress","step":"qemu'],
    ['SIGTERM', 'step-done","step":"qemu'],
    ['SIGINT', 'machine-running'],
  ] as const)('by %s at %s', async ([signal, moment]) => {
    const host = await Host.with({name: 'vm-1', 'grace-seconds': 0, config: {action: 'ignore'}})
    const run = host.start('run', 'vm-1', '--json')
    await run.printed(new RegExp(`"type":"${moment}`, 'u'))
    run.signal(signal)
    expectStopped(await run.ended, signal === 'SIGINT' ? 130 : 143)
    await host.expectNothingLeft()
  })

  test('while QEMU does not answer', async () => {
    const host = await Host.with({name: 'vm-1'})
    await host.putBeforeQemu('sleep 100000')
    const run = host.start('run', 'vm-1', '--json', ...sameUser)
    await run.printed(/"type":"step-progress","step":"qemu"/u)
    await expect.poll(() => host.processes().then(found => found.size)).toBeGreaterThan(2)
    run.signal('SIGTERM')
    expectStopped(await run.ended, 143)
    await host.expectNothingLeft()
  })
})

test('Ctrl-C while a run cleans up after its guest neither changes the verdict nor keeps it from cleaning up', async () => {
  const host = await Host.with({name: 'vm-1'})
  const run = host.start('run', 'vm-1', '--json')
  await run.printed(/"type":"step-started","step":"cleanup"/u)
  run.signal('SIGINT')
  run.signal('SIGINT')
  expect((await run.ended).exitCode).toBe(0)
  await host.expectNothingLeft()
})

test('a bug that ends vmrun in the middle of a run leaves nothing either', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'ignore'}})
  const bug = 'process.on("SIGUSR2", () => { throw new Error("a bug") })'
  host.environment['NODE_OPTIONS'] = `--import=data:text/javascript,${encodeURIComponent(bug)}`
  const run = host.start('run', 'vm-1', '--console', 'stdout')
  await run.printed(/nano: ignoring/u)
  run.signal('SIGUSR2')
  const {exitCode, stderr} = await run.ended
  expect(stderr).toContain('a bug')
  expect(exitCode).not.toBe(0)
  await host.expectNothingLeftSoon()
})
