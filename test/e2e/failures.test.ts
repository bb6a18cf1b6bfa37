import {chmod, copyFile, readFile, rm, writeFile} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {guestImage} from '../guest-image.js'
import {eventsOf, Host} from './host.js'

test('a QEMU that hangs before the guest runs is ended when start-seconds have passed', async () => {
  const host = await Host.with({name: 'vm-1', 'start-seconds': 1})
  await host.putBeforeQemu('exec sleep 1000')
  const {stderr, exitCode} = await host.vmrun('run', 'vm-1')
  expect(stderr).toContain('QEMU hangs: it was not ready after 1s')
  expect(stderr).toContain('"start-seconds"')
  expect(exitCode).toBe(1)
  await host.expectNothingLeft()
})

describe('a base image', () => {
  async function hostWithImage(action: string): Promise<Host> {
    const host = await Host.with({name: 'vm-1', image: 'base.qcow2', config: {action}})
    await copyFile(await guestImage('nano'), host.path('base.qcow2'))
    await chmod(host.path('base.qcow2'), 0o644)
    return host
  }

  test('that is deleted while the guest runs does no harm', async () => {
    const host = await hostWithImage('second-press')
    const run = host.start('run', 'vm-1', '--console', 'stdout')
    await run.printed(/nano: waiting/u)
    await rm(host.path('base.qcow2'))
    run.signal('SIGTERM')
    await run.printed(/nano: button/u)
    expect((await run.ended).exitCode).toBe(143)
    await host.expectNothingLeft()
  })

  test('that is written to while the guest runs ends the run, as what it reads is void', async () => {
    const host = await hostWithImage('wait')
    const run = host.start('run', 'vm-1', '--json', '--console', 'stdout')
    await run.printed(/nano: waiting/u)
    await writeFile(host.path('base.qcow2'), 'x', {flag: 'r+'})
    const ending = await run.ended
    expect(eventsOf(ending).at(-1)).toMatchObject({
      verdict: 'infra-failed',
      error: {message: expect.stringContaining('base.qcow2 was written to while the guest ran')},
    })
    expect(ending.exitCode).toBe(1)
    await host.expectNothingLeft()
  })
})

/** Has vmrun lose all of its free file descriptors as soon as it tells of an event. */
const losingDescriptorsAt = (event: string): string => `
  import {openSync} from 'node:fs'
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = (text, ...rest) => {
    if (String(text).includes(${JSON.stringify(event)})) {
      try { for (;;) openSync('/dev/null') } catch {}
    }
    return write(text, ...rest)
  }`

test.each(['"run-started"', '"step":"overlay"', '"step":"config-disk"', '"step":"qemu"'])(
  'a vmrun with no file descriptors left from %s on says so, and leaves nothing',
  async event => {
    const host = await Host.with({name: 'vm-1'})
    host.environment['NODE_OPTIONS'] =
      `--import=data:text/javascript,${encodeURIComponent(losingDescriptorsAt(event))}`
    const ending = await host.startInShell('ulimit -n 256; exec "$@"', 'run', 'vm-1', '--json').ended
    expect(eventsOf(ending).at(-1)).toMatchObject({
      verdict: 'infra-failed',
      error: {
        message: expect.stringMatching(/EMFILE|too many open files/iu),
        hint: expect.stringContaining('ulimit -n'),
      },
    })
    expect(ending.exitCode).toBe(1)
    await host.expectNothingLeft()
  },
)

test('a record of a run that cannot be read keeps no run from starting', async () => {
  const host = await Host.with({name: 'vm-1', config: {action: 'wait'}}, {name: 'vm-2'})
  const first = host.start('run', 'vm-1', '--console', 'stdout')
  await first.printed(/nano: waiting/u)
  const [record = ''] = await host.records()
  await writeFile(record, '{"pid": 1, ')
  const second = await host.vmrun('run', 'vm-2')
  expect(second.exitCode).toBe(0)
  // Its owner lives, so it is left alone; the owner removes it.
  expect(await readFile(record, 'utf8')).toBe('{"pid": 1, ')
  first.signal('SIGTERM')
  expect((await first.ended).exitCode).toBe(143)
  await host.expectNothingLeft()
})
