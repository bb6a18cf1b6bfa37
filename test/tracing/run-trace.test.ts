import {execFile, spawn} from 'node:child_process'
import {once, setMaxListeners} from 'node:events'
import {mkdir, readdir, readFile, stat, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {promisify} from 'node:util'
import {execa} from 'execa'
import {expect, test} from 'vitest'
import {HostError, UsageError} from '../../src/errors/errors.js'
import {startProcess} from '../../src/host/start-process.js'
import {confinement} from '../../src/qemu/fence/confine.js'
import {QmpClient} from '../../src/qemu/qmp/client.js'
import {startReaper} from '../../src/residue/reaper.js'
import {RunTrace} from '../../src/tracing/run-trace.js'
import {scriptedPeer} from '../qemu/qmp/scripted-peer.js'
import {everyEvent} from '../render/every-event.js'
import {temporaryDirectory} from '../temporary-directory.js'

// A process has one trace, which listens to each of its children; here each test adds one, and none is taken away.
setMaxListeners(100)

/** What nobody may read in a trace. */
const secret = 'hunter2'

interface TraceEvent {
  readonly name: string
  readonly cat: string
  readonly ph: string
  readonly tid: number
  readonly args: object
}

interface Traced {
  readonly trace: RunTrace
  /** Ends the trace, which must not hold the secret. */
  readonly events: (category: string) => Promise<readonly TraceEvent[]>
}

async function traced(): Promise<Traced> {
  const file = path.join(await temporaryDirectory(), 'trace.json')
  const trace = new RunTrace(file)
  return {
    trace,
    events: async category => {
      await trace.write()
      const text = await readFile(file, 'utf8')
      expect(text).not.toContain(secret)
      const {traceEvents}: {readonly traceEvents: readonly TraceEvent[]} = JSON.parse(text)
      return traceEvents.filter(({cat}) => cat === category)
    },
  }
}

test('a trace is one JSON object as viewers load it, and is written at the end alone', async () => {
  const directory = await temporaryDirectory()
  const trace = new RunTrace(path.join(directory, 'trace.json'))
  trace.listener({type: 'run-started', run: '0123456789ab', instance: 'vm-1', steps: []})
  trace.listener({type: 'verdict', verdict: {name: 'completed', exitCode: 0}, seconds: 0})
  expect(await readdir(directory)).toEqual([])
  await trace.write()
  expect(await readdir(directory)).toEqual(['trace.json'])
  const {traceEvents, ...rest} = JSON.parse(await readFile(path.join(directory, 'trace.json'), 'utf8'))
  expect(rest).toEqual({
    displayTimeUnit: 'ms',
    otherData: {started: expect.any(String), node: process.version, platform: process.platform},
  })
  const names = traceEvents.filter(({ph}: TraceEvent) => ph !== 'M').map(({name}: TraceEvent) => name)
  expect(names).toEqual(['start', 'node', 'load', 'prepare', 'run-started', 'run', 'verdict', 'end'])
})

test('a file is its user’s alone, also where the one before was not', async () => {
  const file = path.join(await temporaryDirectory(), 'trace.json')
  await writeFile(file, 'earlier', {mode: 0o644})
  const trace = new RunTrace(path.relative('.', file))
  await trace.write()
  expect(await readFile(file, 'utf8')).toMatch(/^\{"traceEvents":/u)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test.each([
  ['a directory', 'directory', 'it is not a regular file'],
  ['in no directory', 'missing/trace.json', 'its directory does not exist'],
  ['below a file', 'file/trace.json', 'a part of its path is not a directory'],
  ['a link, which may lead anywhere', 'link', 'it is not a regular file'],
  ['a device', '/dev/null', 'it is not a regular file'],
])('what is %s is the user’s error', async (_, name, reason) => {
  const directory = await temporaryDirectory()
  await mkdir(path.join(directory, 'directory'))
  await writeFile(path.join(directory, 'file'), '')
  await symlink('file', path.join(directory, 'link'))
  const started = new RunTrace(path.resolve(directory, name)).refuse([])
  await expect(started).rejects.toThrow(UsageError)
  await expect(started).rejects.toThrow(reason)
})

test('one that cannot be written in the end is told of by its name', async () => {
  const file = path.join(await temporaryDirectory(), '\u001b[2J')
  const trace = new RunTrace(file)
  await mkdir(file)
  const written = trace.write()
  await expect(written).rejects.toThrow(HostError)
  await expect(written).rejects.toThrow(String.raw`/\u001b[2J: `)
})

test('a step is there, and whether it was done, failed or skipped', async () => {
  const {trace, events} = await traced()
  for (const step of ['one', 'other', 'third']) {
    trace.listener({type: 'step-started', step, title: secret})
    trace.listener({type: 'step-progress', step, text: secret})
  }

  trace.listener({type: 'step-done', step: 'one', title: secret})
  trace.listener({type: 'step-failed', step: 'other', title: secret, message: secret})
  trace.listener({type: 'step-skipped', step: 'third', title: secret})
  trace.listener({type: 'step-skipped', step: 'never-begun', title: secret})
  expect(await events('step')).toMatchObject([
    {name: 'one', ph: 'X', args: {outcome: 'done'}},
    {name: 'other', ph: 'X', args: {outcome: 'failed'}},
    {name: 'third', ph: 'X', args: {outcome: 'skipped'}},
  ])
})

test('whatever else happens is an instant event, without what others wrote', async () => {
  const {trace, events} = await traced()
  for (const event of everyEvent('text')) {
    trace.listener(event)
  }
  trace.listener({type: 'notice', text: secret})
  trace.listener({type: 'guest-status', text: secret})

  const instants = await events('run')
  expect(new Set(instants.map(({ph}) => ph))).toEqual(new Set(['i']))
  expect(new Set(instants.map(({name}) => name))).toEqual(
    new Set(everyEvent('text').flatMap(({type}) => (type.startsWith('step-') ? [] : type))),
  )
  expect(instants).toContainEqual(
    expect.objectContaining({name: 'verdict', args: {verdict: 'guest-failed', exitCode: 3, seconds: 1.25}}),
  )
})

test('QMP is there by names alone: commands until the reply, and how they failed, and events', async () => {
  const {events} = await traced()
  const peer = await scriptedPeer()
  const client = new QmpClient(peer.stream, () => undefined)
  const done = client.execute('blockdev-del', {'node-name': secret})
  peer.send({return: {secret}, id: 0})
  await done
  const refused = client.execute('cont')
  const unanswered = client.execute('quit')
  peer.send({event: 'SHUTDOWN', data: {reason: secret}}, {error: {desc: secret}, id: 1})
  await expect(refused).rejects.toThrow('refused')
  peer.close()
  await expect(unanswered).rejects.toThrow('closed')
  await expect(client.execute('cont')).rejects.toThrow('closed')
  const [first, ...others] = await events('qmp')
  expect(first).toMatchObject({name: 'blockdev-del', ph: 'X', args: {}})
  expect(others).toMatchObject([
    {name: 'cont', ph: 'X', args: {failed: true}},
    {name: 'quit', ph: 'X', args: {failed: true}},
    {name: 'SHUTDOWN', ph: 'i', args: {}},
  ])
  expect(others[0]?.tid).not.toBe(others[1]?.tid)
})

test('a guest that is reset for days does not fill the memory', async () => {
  const {events} = await traced()
  const peer = await scriptedPeer()
  const client = new QmpClient(peer.stream, () => undefined)
  peer.sendBytes(Buffer.from(`${JSON.stringify({event: 'RESET'})}\n`.repeat(60_000)))
  peer.close()
  await client.closed
  expect(await events('qmp')).toHaveLength(50_000)
})

test('a child process is there by its program and its pid, and how it ended, whoever starts it', async () => {
  const {events} = await traced()
  const child = spawn('/bin/sh', ['-c', 'exit 3'], {stdio: 'ignore'})
  await once(child, 'exit')
  const killed = await startProcess(['sleep', '1000'], ['ignore', 'ignore', 'ignore'], 'cannot start')
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  await promisify(execFile)('echo', [secret], {env: {TOKEN: secret}})
  await execa('printf', [secret])
  await once(spawn('/bin/sh', ['-c', 'true', secret]), 'exit')
  expect(await events('process')).toMatchObject([
    {name: 'sh', ph: 'X', args: {pid: child.pid, exitCode: 3}},
    {name: 'sleep', args: {pid: killed.pid, signal: 'SIGKILL'}},
    {name: 'echo', args: {exitCode: 0}},
    {name: 'printf', args: {exitCode: 0}},
    {name: 'sh', args: {exitCode: 0}},
  ])
})

test('a confined program and the reaper go by their own names', async () => {
  const {events} = await traced()
  const confine = await confinement()
  const [program, ...rest] = confine(['/bin/true', 'an argument'])
  await once(spawn(program, rest), 'exit')
  const reaper = await startReaper(['/proc/nonexistent/record'])
  await reaper.dismiss()
  const names = (await events('process')).map(({name}) => name)
  expect(names.slice(-2)).toEqual(['true', 'vmrun-reaper'])
})

test('one that cannot be started is told, and the error is still its starter’s', async () => {
  const {events} = await traced()
  const [error] = await once(spawn('/proc/nonexistent/program', [secret]), 'error')
  expect(error).toMatchObject({code: 'ENOENT'})
  expect(await events('process')).toMatchObject([{name: 'program could not be started', ph: 'X'}])
})
