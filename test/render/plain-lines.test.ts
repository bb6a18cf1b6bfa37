import {expect, test} from 'vitest'
import {plainLines} from '../../src/render/plain-lines.js'
import {everyEvent, hostile, unprintable} from './every-event.js'
import {shown} from './shown.js'

test('each line begins with the name of the instance', async () => {
  expect(
    await shown(plainLines, [
      {type: 'run-started', run: '0123456789ab', instance: 'vm-1', steps: []},
      {type: 'step-started', step: 'overlay', title: 'Overlay'},
      {type: 'step-done', step: 'overlay', title: 'Overlay: 1 GiB on a.qcow2'},
      {type: 'verdict', verdict: {name: 'completed', exitCode: 0}, seconds: 2},
    ]),
  ).toEqual(['vm-1: Overlay: 1 GiB on a.qcow2', 'vm-1: completed after 2s'])
})

test('nothing in a line can act on a terminal, whatever the names and texts', async () => {
  const lines = await shown(plainLines, everyEvent(hostile))
  expect(lines.length).toBeGreaterThan(5)
  for (const line of lines) {
    expect(line).not.toMatch(unprintable)
    expect(line).toMatch(/^\\u001b\]0;title\\u0007/u)
  }
})
