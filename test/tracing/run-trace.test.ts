import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {expect, test} from 'vitest'
import {UsageError} from '../../src/errors/errors.js'
import {startTrace} from '../../src/tracing/run-trace.js'
import {temporaryDirectory} from '../temporary-directory.js'

test('a trace is one JSON object as viewers load it, and is written at the end alone', async () => {
  const directory = await temporaryDirectory()
  const {listener, write} = await startTrace(path.join(directory, 'trace.json'))
  listener({type: 'run-started', run: '0123456789ab', instance: 'vm-1', steps: []})
  listener({type: 'verdict', verdict: {name: 'completed', exitCode: 0}, seconds: 0})
  expect(await readdir(directory)).toEqual([])
  await write()
  expect(await readdir(directory)).toEqual(['trace.json'])
  const {traceEvents, ...rest} = JSON.parse(await readFile(path.join(directory, 'trace.json'), 'utf8'))
  expect(rest).toEqual({
    displayTimeUnit: 'ms',
    otherData: {started: expect.any(String), node: process.version, platform: process.platform},
  })
  const names = traceEvents.filter(({ph}: {ph: string}) => ph !== 'M').map(({name}: {name: string}) => name)
  expect(new Set(names)).toEqual(
    new Set([
      ...['start', 'node', 'v8', 'environment', 'load', 'prepare'],
      ...['run-started', 'run', 'verdict', 'end'],
    ]),
  )
})

test('a file that cannot be written is found before anything is traced', async () => {
  await expect(startTrace('/proc/nonexistent/trace.json')).rejects.toThrow(UsageError)
})
