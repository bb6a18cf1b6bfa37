import {expect, test} from 'vitest'
import {jsonLines} from '../../src/render/json-lines.js'
import {everyEvent, hostile} from './every-event.js'
import {shown} from './shown.js'

test('each event is one line with one object, the time and the type first', async () => {
  const events = everyEvent(hostile)
  const lines = await shown(jsonLines, events)
  expect(lines).toHaveLength(events.length)
  const objects = lines.map(line => JSON.parse(line))
  expect(objects.map(({type}) => type)).toEqual(events.map(({type}) => type))
  for (const object of objects) {
    expect(Object.keys(object).slice(0, 2)).toEqual(['time', 'type'])
    expect(object.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u)
  }
})

// Programs rely on these keys.
test.each<[string, readonly string[]]>([
  ['run-started', ['run', 'instance', 'steps']],
  ['step-started', ['step', 'title']],
  ['step-progress', ['step', 'text']],
  ['step-done', ['step', 'title']],
  ['step-failed', ['step', 'title', 'message']],
  ['step-skipped', ['step', 'title']],
  ['notice', ['text']],
  ['machine-running', ['pid', 'accelerator', 'timeoutSeconds']],
  ['guest-rebooted', []],
  ['config-disk-ejected', []],
  ['deadline-near', ['remainingSeconds']],
  ['shutting-down', ['cause', 'rung', 'graceSeconds']],
  ['verdict', ['verdict', 'exitCode', 'seconds']],
])('%s has the keys %j', async (type, keys) => {
  const event = everyEvent('text').find(candidate => candidate.type === type)
  const [line] = await shown(jsonLines, event === undefined ? [] : [event])
  expect(Object.keys(JSON.parse(String(line)))).toEqual(['time', 'type', ...keys])
})

test('a forwarded port is told', async () => {
  const [line] = await shown(jsonLines, [
    {type: 'machine-running', pid: 42, accelerator: 'kvm', timeoutSeconds: 5, sshPort: 2222},
  ])
  expect(JSON.parse(String(line))).toMatchObject({sshPort: 2222})
})

test('a verdict tells what was wrong and what to do about it', async () => {
  const verdicts = everyEvent('text').filter(({type}) => type === 'verdict')
  const lines = await shown(jsonLines, verdicts)
  expect(lines.map(line => JSON.parse(line))).toEqual([
    {time: expect.any(String), type: 'verdict', verdict: 'completed', exitCode: 0, seconds: 1.25},
    {
      time: expect.any(String),
      type: 'verdict',
      verdict: 'guest-failed',
      exitCode: 3,
      seconds: 1.25,
      error: {message: 'text'},
    },
    {
      time: expect.any(String),
      type: 'verdict',
      verdict: 'infra-failed',
      exitCode: 1,
      seconds: 1.25,
      error: {message: 'text', hint: 'text'},
    },
  ])
})
