import {expect, test} from 'vitest'
import {jsonLines, plainLines} from '../../src/render/renderer.js'
import {everyEvent, hostile} from './every-event.js'
import {shown} from './shown.js'

test('each plain line begins with the name of the instance', async () => {
  expect(
    await shown(plainLines, [
      {type: 'run-started', run: '0123456789ab', instance: 'vm-1', steps: []},
      {type: 'step-started', step: 'overlay', title: 'Overlay'},
      {type: 'step-done', step: 'overlay', title: 'Overlay: 1 GiB on a.qcow2'},
      {type: 'verdict', verdict: {name: 'completed', exitCode: 0}, seconds: 2},
    ]),
  ).toEqual(['vm-1: Overlay: 1 GiB on a.qcow2', 'vm-1: completed after 2s'])
})

test('as JSON each event is one line with one object, the time and the type first', async () => {
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
  const running = {type: 'machine-running', pid: 42, accelerator: 'kvm', timeoutSeconds: 5} as const
  const [line] = await shown(jsonLines, [{...running, sshPort: 2222}])
  expect(JSON.parse(String(line))).toMatchObject({sshPort: 2222})
})

test('before a verdict stands what guest and job printed last, and nothing of it acts on a terminal or a workflow', async () => {
  const verdict = {
    ...({name: 'job-failed', exitCode: 4, job: {exitCode: 7}} as const),
    ...{consoleTail: ['booted'], logTail: ['::set-output name=a', '\u001b[2J']},
  }
  expect(await shown(plainLines, [{type: 'verdict', verdict, seconds: 2}])).toEqual([
    "The last of the guest's console:",
    '  booted',
    "The last of the job's log:",
    String.raw`  \u003a:set-output name=a`,
    String.raw`  \u001b[2J`,
    'job-failed after 2s: the job ended with 7 (exit code 4)',
  ])
})

test('a verdict tells what was wrong and what to do about it', async () => {
  const verdicts = everyEvent('text').filter(({type}) => type === 'verdict')
  const lines = await shown(jsonLines, verdicts)
  const common = {time: expect.any(String), type: 'verdict', seconds: 1.25}
  const error = {message: 'text'}
  expect(lines.map(line => JSON.parse(line))).toEqual([
    {...common, verdict: 'completed', exitCode: 0},
    {
      ...{...common, verdict: 'job-failed', exitCode: 4},
      ...{job: {exitCode: 7}, consoleTail: ['text'], logTail: ['text']},
    },
    {...common, verdict: 'guest-failed', exitCode: 3, error},
    {...common, verdict: 'infra-failed', exitCode: 1, error: {...error, hint: 'text'}},
  ])
})
