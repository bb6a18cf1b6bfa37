import {execFile, spawn} from 'node:child_process'
import {once} from 'node:events'
import {promisify} from 'node:util'
import {execa} from 'execa'
import {expect, onTestFinished, test} from 'vitest'
import {startProcess} from '../../src/host/start-process.js'
import {confinement} from '../../src/qemu/fence/confine.js'
import {startReaper} from '../../src/residue/reaper.js'
import {programOf, traceChildProcesses} from '../../src/tracing/run-trace.js'
import {Trace, type TraceEvent} from '../../src/tracing/trace.js'

/** A trace of the child processes of this one, until the test ends. */
function traced(): {readonly events: () => readonly TraceEvent[]; readonly stop: () => void} {
  const trace = new Trace()
  const stop = traceChildProcesses(trace)
  onTestFinished(stop)
  return {stop, events: () => trace.events().filter(({ph}) => ph !== 'M')}
}

test('a child process is there by its program and its pid, until it exits', async () => {
  const {events} = traced()
  const child = spawn('/bin/sh', ['-c', 'exit 3'], {stdio: 'ignore'})
  await once(child, 'exit')
  expect(events()).toEqual([
    {
      name: 'sh',
      cat: 'process',
      ph: 'X',
      ts: expect.any(Number),
      dur: expect.any(Number),
      pid: process.pid,
      tid: child.pid,
      args: {pid: child.pid, exitCode: 3},
    },
  ])
})

test('one that is killed has the signal', async () => {
  const {events} = traced()
  const child = await startProcess(['sleep', '1000'], ['ignore', 'ignore', 'ignore'], 'cannot start')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(events()).toMatchObject([{name: 'sleep', args: {signal: 'SIGKILL'}}])
})

test('whoever starts it, and none of its arguments nor its environment', async () => {
  const {events} = traced()
  await promisify(execFile)('echo', ['hunter2'], {env: {TOKEN: 'hunter2'}})
  await execa('printf', ['hunter2'])
  expect(events()).toMatchObject([{name: 'echo'}, {name: 'printf'}])
  expect(JSON.stringify(events())).not.toContain('hunter2')
})

test('a confined program goes by its own name', async () => {
  const {events} = traced()
  const confine = await confinement()
  const [program, ...rest] = confine(['/bin/true', 'an argument'])
  await once(spawn(program, rest), 'exit')
  expect(events()).toMatchObject([{name: 'true'}])
})

test('the reaper goes by its own name', async () => {
  const {events} = traced()
  const reaper = await startReaper(['/proc/nonexistent/record'])
  await reaper.dismiss()
  expect(events()).toMatchObject([{name: 'vmrun-reaper', args: {pid: reaper.pid}}])
})

test('a shell goes by no argument of it', () => {
  expect(programOf({spawnfile: '/bin/sh', spawnargs: ['/bin/sh', '-c', 'true', 'hunter2']})).toBe('sh')
})

test('one that cannot be started is told, and the error is still its starter’s', async () => {
  const {events} = traced()
  const child = spawn('/proc/nonexistent/program', ['hunter2'])
  const [error] = await once(child, 'error')
  expect(error).toMatchObject({code: 'ENOENT'})
  expect(events()).toMatchObject([{name: 'program could not be started', ph: 'i'}])
})

test('nothing is traced any more once that is over', async () => {
  const {events, stop} = traced()
  stop()
  await once(spawn('true'), 'exit')
  expect(events()).toEqual([])
})
