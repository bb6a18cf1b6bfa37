import {spawnSync} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {expect, onTestFinished, test} from 'vitest'
import {ProbeCache} from '../../src/qemu/accelerator/probe-cache.js'
import type {Command} from './command.js'
import {eventsOf, Host} from './host.js'
import {scriptWithOwnMounts} from './wrappers.js'

const asRoot = process.getuid?.() === 0

/** A group that no host has. */
const kvmGroup = 54_322

/**
 * Runs its arguments where /dev/kvm is the same device, but for root and a group, as distributions have it, whatever
 * this host has. Others than root have to do with what there is.
 */
const withKvm = asRoot
  ? scriptWithOwnMounts(`
      mount -t tmpfs -o mode=755 none "$TMPDIR" &&
      mknod -m 660 "$TMPDIR/kvm" c 10 232 && chown 0:${kvmGroup} "$TMPDIR/kvm" &&
      mount --bind "$TMPDIR/kvm" /dev/kvm && exec "$@"`)
  : ['env']

/** Why this host has no KVM to try; undefined where it has one. */
const absent = whyAbsent()

function whyAbsent(): string | undefined {
  const [first = '', ...rest] = [...withKvm, 'sh', '-c', ': <>/dev/kvm']
  const {status, stderr} = spawnSync(first, rest, {env: {...process.env, TMPDIR: tmpdir()}, encoding: 'utf8'})
  return status === 0 ? undefined : `there is no KVM that could be used here: ${stderr.trim()}`
}

/**
 * A host that remembers its KVM as sound. Many that are not sound run code in real mode, such as the nano guest, all the
 * same; and of `-cpu host` some lack a feature that QEMU believes every processor to have.
 */
async function kvmHost(instance: object): Promise<Host> {
  const host = await Host.with({name: 'vm-1', accelerator: 'auto', ...instance})
  await host.putBeforeQemu(`
    for word; do
      shift
      [ "$word" != host ] || word=host,arch-capabilities=off
      set -- "$@" "$word"
    done`)
  const program = host.path('bin', 'qemu-system-x86_64')
  const question = {program, accelerator: 'kvm', user: asRoot ? ('temporary' as const) : undefined}
  await new ProbeCache(host.emptyCache()).remember(question, {sound: true, milliseconds: 20})
  return host
}

function start(host: Host, ...options: readonly string[]): Command {
  const run = host.startUnder(withKvm, 'run', 'vm-1', '--json', '--console', 'stdout', ...options)
  onTestFinished(async () => {
    run.signal('SIGKILL')
    await run.ended
  })
  return run
}

test('a guest on KVM obeys the power button, under a QEMU that has the device’s group and no right beside it', async ({
  skip,
}) => {
  skip(absent !== undefined, absent)
  const host = await kvmHost({config: {action: 'wait'}})
  const run = start(host, '--require-kvm')
  await run.printed(/nano: waiting/u)
  const [qemu] = await host.qemus()
  const status = await readFile(`/proc/${qemu}/status`, 'utf8')
  expect(status).toMatch(/^CapEff:\t0+$/mu)
  expect(status).toMatch(/^NoNewPrivs:\t1$/mu)
  expect(status).toMatch(/^Seccomp:\t2$/mu)
  if (asRoot) {
    expect(status).toMatch(/^Uid:\t(?<uid>[1-9]\d*)\t\k<uid>\t\k<uid>\t\k<uid>$/mu)
    expect(status).toMatch(new RegExp(`^Groups:\t${kvmGroup} ?$`, 'mu'))
  }

  run.signal('SIGTERM')
  const ending = await run.ended
  const events = eventsOf(ending)
  expect(events).toContainEqual(expect.objectContaining({type: 'machine-running', accelerator: 'kvm'}))
  expect(events.filter(({type}) => type === 'shutting-down')).toMatchObject([{rung: 'powerdown'}])
  expect(events.at(-1)).toMatchObject({verdict: 'terminated', exitCode: 143})
  await host.expectNothingLeft()
})

test.for([
  {verdict: 'completed', when: 'the guest shuts itself down', instance: {}},
  {
    verdict: 'timed-out',
    when: 'it is deaf to the power button',
    instance: {config: {action: 'spin'}, 'timeout-seconds': 1, 'grace-seconds': 1},
  },
  {verdict: 'guest-failed', when: 'it panics', instance: {config: {action: 'panic'}}},
  {
    verdict: 'guest-failed',
    when: 'it resets the machine where that is forbidden',
    instance: {config: {action: 'reset'}, reboot: 'forbid'},
  },
  {
    verdict: 'completed',
    when: 'it resets the machine, which goes on',
    instance: {config: {action: 'reset-once'}},
  },
])('a run on KVM is $verdict when $when', async ({verdict, instance}, {skip}) => {
  skip(absent !== undefined, absent)
  const host = await kvmHost(instance)
  const events = eventsOf(await start(host).ended)
  expect(events).toContainEqual(expect.objectContaining({type: 'machine-running', accelerator: 'kvm'}))
  expect(events.at(-1)).toMatchObject({verdict})
  await host.expectNothingLeft()
})

test.runIf(asRoot)('a KVM that is root’s alone is none for QEMU', async ({skip}) => {
  skip(absent !== undefined, absent)
  const host = await kvmHost({})
  const closed = [...withKvm, 'sh', '-c', 'chmod 600 /dev/kvm; exec "$@"', 'sh']
  const {exitCode, stderr} = await host.startUnder(closed, 'run', 'vm-1', '--require-kvm').ended
  expect(stderr).toContain('kvm cannot be used for x86_64: /dev/kvm is not for a group such as kvm to use')
  expect(exitCode).toBe(1)
  await host.expectNothingLeft()
})
