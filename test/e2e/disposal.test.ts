import {copyFile, readdir} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {sha256OfFile} from '../sha256.js'
import {eventsOf, Host} from './host.js'
import {sameUser} from './wrappers.js'

test('what the guest writes is there after a reset, and the base image has not changed by a bit', async () => {
  const host = await Host.with({name: 'vm-1', image: 'base.qcow2', config: {action: 'reset-once'}})
  await copyFile(await guestImage('nano'), host.path('base.qcow2'))
  const before = await sha256OfFile(host.path('base.qcow2'))
  const {stdout, exitCode} = await host.vmrun('run', 'vm-1', '--console', 'stdout')
  expect(stdout).toContain('nano: came back')
  expect(exitCode).toBe(0)
  expect(await sha256OfFile(host.path('base.qcow2'))).toBe(before)
  await host.expectNothingLeft()
})

test('several runs of one image at once do not meet', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'reset-once'}})
  const endings = await Promise.all([1, 2, 3, 4].map(() => host.vmrun('run', 'vm-1', '--console', 'stdout')))
  for (const {stdout, exitCode} of endings) {
    expect(stdout.match(/nano: resetting/gu)).toHaveLength(1)
    expect(exitCode).toBe(0)
  }

  await host.expectNothingLeft()
})

test.each([
  {bus: 'SCSI', 'config-disk': 'cdrom'},
  {bus: 'IDE', 'config-disk': {kind: 'cdrom', bus: 'ide'}},
])('a guest finds its config disk on $bus', async ({'config-disk': configDisk}) => {
  const host = await Host.with({name: 'vm-1', 'config-disk': configDisk, config: {word: 'sesame'}})
  const {stdout, exitCode} = await host.vmrun('run', 'vm-1', '--console', 'stdout')
  expect(stdout).toContain('nano: instance.json {"name":"vm-1","config":{"word":"sesame"}}')
  expect(exitCode).toBe(0)
})

test('once the guest has ejected its config disk, the bytes are gone from the host while the guest runs on', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'eject'}})
  const run = host.start('run', 'vm-1', '--json', '--console', 'stdout')
  await run.printed(/"type":"config-disk-ejected"/u)
  expect(await host.filesWith('vm-1')).toEqual([])
  run.signal('SIGTERM')
  expect((await run.ended).exitCode).toBe(143)
  await host.expectNothingLeft()
})

test('while it runs, nothing of a run has a name on disk', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'wait'}})
  const run = host.start('run', 'vm-1', '--console', 'stdout')
  await run.printed(/nano: waiting/u)
  expect(await readdir(host.path('work'))).toEqual([])
  expect(await readdir(host.path('tmp'))).toEqual([])
  expect(await host.filesWith('vm-1')).not.toEqual([])
  run.signal('SIGINT')
  expect((await run.ended).exitCode).toBe(130)
})

describe('a run that is told to stop leaves nothing, and says so in its verdict', () => {
  const moments = [
    'run-started',
    'step-started","step":"overlay',
    'step-done","step":"overlay',
    'step-started","step":"config-disk',
    'step-done","step":"config-disk',
    'step-started","step":"qemu',
    'step-progress","step":"qemu',
    'step-done","step":"qemu',
    'machine-running',
  ]
  test.for(
    moments.flatMap(moment => [
      {moment, signal: 'SIGINT', exitCode: 130} as const,
      {moment, signal: 'SIGTERM', exitCode: 143} as const,
    ]),
  )('by $signal at $moment', async ({moment, signal, exitCode}) => {
    const host = await Host.with({name: 'vm-1', 'grace-seconds': 0, config: {action: 'ignore'}})
    const run = host.start('run', 'vm-1', '--json')
    await run.printed(new RegExp(`"type":"${moment}`, 'u'))
    run.signal(signal)
    const ending = await run.ended
    expect(ending.exitCode).toBe(exitCode)
    const events = eventsOf(ending)
    expect(events.at(-1)).toMatchObject({type: 'verdict', exitCode})
    expect(events.filter(({type, error}) => type === 'step-failed' || error !== undefined)).toEqual([])
    await host.expectNothingLeft()
  })

  test('while QEMU does not answer', async () => {
    const host = await Host.with({name: 'vm-1'})
    await host.putBeforeQemu('sleep 100000')
    const run = host.start('run', 'vm-1', '--json', ...sameUser)
    await run.printed(/"type":"step-progress","step":"qemu"/u)
    await expect.poll(() => host.processes().then(found => found.size)).toBeGreaterThan(2)
    run.signal('SIGTERM')
    const events = eventsOf(await run.ended)
    expect(events.at(-1)).toMatchObject({type: 'verdict', verdict: 'terminated'})
    expect(events.filter(({type, error}) => type === 'step-failed' || error !== undefined)).toEqual([])
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
