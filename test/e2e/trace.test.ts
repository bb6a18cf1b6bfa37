import {mkdir, readdir} from 'node:fs/promises'
import {expect, test} from 'vitest'
import {Host} from './host.js'

const marker = 'marker-9d3b7a'

interface Event {
  readonly name: string
  readonly cat?: string
  readonly ph: 'X' | 'i' | 'M'
  readonly ts: number
  readonly dur?: number
  readonly pid: number
  readonly tid: number
  readonly args: Readonly<Record<string, unknown>>
}

/** A host whose runs are traced. */
async function tracedHost(instance: object = {}): Promise<Host> {
  const host = await Host.with({name: 'vm-1', ...instance})
  host.environment['VMRUN_TRACE'] = 'trace.json'
  return host
}

async function traceOf(host: Host): Promise<readonly Event[]> {
  expect(await host.mode('trace.json')).toBe('600')
  return JSON.parse(await host.read('trace.json')).traceEvents
}

/** The one event of that name. */
function eventOf(events: readonly Event[], name: string): Event {
  const [found, ...others] = events.filter(event => event.name === name)
  if (found === undefined || others.length > 0) {
    throw new Error(`not one ${name} in ${events.map(event => event.name).join(', ')}`)
  }

  return found
}

const endOf = ({ts, dur = 0}: Event): number => ts + dur

function namesOf(events: readonly Event[], category: string): readonly string[] {
  return events.filter(({cat}) => cat === category).map(({name}) => name)
}

const steps = ['run-record', 'overlay', 'config-disk', 'qemu', 'timeout-watch', 'cleanup']

/** Expects that nothing goes on that nobody ended, and that what is in a row is beside each other or in each other. */
function expectWhole(events: readonly Event[]): void {
  const spans = events.filter(({ph}) => ph === 'X')
  expect(spans.filter(({dur = -1, ts}) => ts < 0 || dur < 0)).toEqual([])
  expect(spans.filter(({args}) => 'unfinished' in args)).toEqual([])
  const crossing = spans.filter(one =>
    spans.some(
      other =>
        one.tid === other.tid && one.ts < other.ts && other.ts < endOf(one) && endOf(one) < endOf(other),
    ),
  )
  expect(crossing).toEqual([])
}

function expectWithin(events: readonly Event[], outer: string, ...inner: readonly string[]): void {
  const around = eventOf(events, outer)
  for (const name of inner) {
    const event = eventOf(events, name)
    expect(event.ts, `${name} begins in ${outer}`).toBeGreaterThanOrEqual(around.ts)
    expect(endOf(event), `${name} ends in ${outer}`).toBeLessThanOrEqual(endOf(around))
  }
}

test('a run leaves a trace of its phases, steps, processes and QMP, each in its place, and no secret or argument in it', async () => {
  const config = {action: 'power-off', token: '${{ env:TOKEN }}', raw: `${marker}-raw`}
  const host = await tracedHost({config})
  host.environment['TOKEN'] = `${marker}-token`
  const run = host.start('run', 'vm-1', '--json')
  const [, qemu] = await run.printed(/"type":"machine-running","pid":(?<pid>\d+)/u)
  expect((await run.ended).exitCode).toBe(0)
  const events = await traceOf(host)
  expectWhole(events)
  expect(new Set(events.map(({pid}) => pid))).toEqual(new Set([run.pid]))
  expect(namesOf(events, 'step')).toEqual(steps)
  expect(namesOf(events, 'phase').toSorted()).toEqual(['end', 'load', 'node', 'prepare', 'run', 'start'])
  expectWithin(events, 'start', 'node', 'load', 'prepare')
  expectWithin(events, 'prepare', 'prlimit')
  expectWithin(events, 'run', 'verdict', 'vmrun-reaper', ...steps)
  expectWithin(events, 'qemu-system-x86_64', 'qmp_capabilities', 'cont')
  expect(eventOf(events, 'qemu-system-x86_64').args).toEqual({pid: Number(qemu), exitCode: 0})
  expect(namesOf(events, 'qmp')).toEqual(
    expect.arrayContaining(['qmp_capabilities', 'cont', 'RESUME', 'SHUTDOWN']),
  )
  expect(eventOf(events, 'verdict').args).toMatchObject({verdict: 'completed', exitCode: 0})
  const text = await host.read('trace.json')
  for (const hidden of [marker, '-nodefaults', host.directory]) {
    expect(text).not.toContain(hidden)
  }

  await host.expectNothingLeft()
})

test.for([
  {
    when: 'Ctrl-C ends the run',
    instance: {config: {action: 'wait'}},
    signal: 'SIGINT',
    tells: {verdict: {verdict: 'interrupted', exitCode: 130}, system_powerdown: {}},
  },
  {
    when: 'a step fails',
    beforeQemu: 'exit 7',
    tells: {
      verdict: {verdict: 'infra-failed', exitCode: 1},
      qemu: {outcome: 'failed'},
      'qemu-system-x86_64': {exitCode: 7},
    },
  },
] as const)('the trace is whole too when $when', async one => {
  const host = await tracedHost('instance' in one ? one.instance : {})
  if ('beforeQemu' in one) {
    await host.putBeforeQemu(one.beforeQemu)
  }

  const run = host.start('run', 'vm-1', '--json')
  if ('signal' in one) {
    await run.printed(/"type":"machine-running"/u)
    run.signal(one.signal)
  }

  expect((await run.ended).exitCode).toBe(one.tells.verdict.exitCode)
  const events = await traceOf(host)
  expectWhole(events)
  for (const [name, details] of Object.entries({...one.tells, cleanup: {outcome: 'done'}})) {
    // A guest that is slow is asked more than once.
    expect(events.find(event => event.name === name)?.args).toMatchObject(details)
  }
})

test('a trace that cannot be written in the end is one warning, and the verdict is what it was', async () => {
  const host = await tracedHost({config: {action: 'wait'}})
  const run = host.start('run', 'vm-1', '--json')
  await run.printed(/"type":"machine-running"/u)
  await mkdir(host.path('trace.json'))
  run.signal('SIGTERM')
  const {exitCode, stderr} = await run.ended
  expect(exitCode).toBe(143)
  expect(stderr).toMatch(/^vmrun: warning: cannot write the trace to .*trace\.json: .*\n$/u)
  expect((await readdir(host.directory)).filter(name => name.endsWith('.vmrun'))).toEqual([])
  await host.expectNothingLeft()
})

test.each([
  ['a directory', '.', 'it is not a regular file'],
  ['in a directory that is not there', 'missing/trace.json', 'its directory does not exist'],
])('a file that is %s is refused before anything is started', async (_, file, reason) => {
  const host = await tracedHost()
  host.environment['VMRUN_TRACE'] = file
  const {exitCode, stdout, stderr} = await host.vmrun('run', 'vm-1', '--console', 'console.log')
  expect(exitCode).toBe(2)
  expect(stderr).toContain(`/${file}: ${reason}`)
  expect(stdout).toBe('')
  await expect(host.read('console.log')).rejects.toThrow('ENOENT')
  await host.expectNothingLeft()
})

test.each([
  ['without the switch', undefined, [], 0],
  ['for a dry run', 'trace.json', ['--dry-run'], 0],
  ['for a run that is refused', 'trace.json', ['--console', 'missing/console.log'], 2],
])('there is none %s', async (_, file, flags, code) => {
  const host = await tracedHost()
  host.environment['VMRUN_TRACE'] = file
  expect((await host.vmrun('run', 'vm-1', ...flags)).exitCode).toBe(code)
  await expect(host.read('trace.json')).rejects.toThrow('ENOENT')
})
