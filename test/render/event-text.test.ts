import {beforeEach, describe, expect, test, vi} from 'vitest'
import type {RunEvent} from '../../src/contract/events.js'
import {eventText, timeText} from '../../src/render/event-text.js'

const shuttingDown = {type: 'shutting-down', cause: 'timed-out', rung: 'powerdown', graceSeconds: 60} as const
const running = {type: 'machine-running', pid: 42, accelerator: 'tcg', timeoutSeconds: 14_400} as const
const verdict = {type: 'verdict', verdict: {name: 'completed', exitCode: 0}, seconds: 1.2} as const

test.each<[RunEvent, string | undefined]>([
  [{type: 'run-started', run: '0123456789ab', instance: 'vm-1', steps: []}, undefined],
  [{type: 'step-started', step: 'overlay', title: 'Overlay'}, undefined],
  [{type: 'step-progress', step: 'qemu', text: 'starting'}, undefined],
  [{type: 'step-skipped', step: 'qemu', title: 'QEMU'}, undefined],
  [{type: 'step-done', step: 'overlay', title: 'Overlay: 80 GiB on a.qcow2'}, 'Overlay: 80 GiB on a.qcow2'],
  [{type: 'step-done', step: 'run-record', title: 'Run record: in /run', quiet: true}, undefined],
  [{type: 'step-failed', step: 'overlay', title: 'Overlay', message: 'no disk'}, 'Overlay: failed'],
  [{type: 'notice', text: 'The guest is emulated'}, 'The guest is emulated'],
  [running, 'The guest runs, for up to 4h'],
  [{...running, sshPort: 2222}, 'The guest runs, for up to 4h; 127.0.0.1:2222 leads to its port 22'],
  [{...running, timeoutSeconds: 1}, 'The guest runs, for up to 1s'],
  [{type: 'guest-rebooted'}, 'The guest rebooted'],
  [{type: 'config-disk-ejected'}, 'The guest ejected its config disk: it is gone from this host'],
  [{type: 'deadline-near', remainingSeconds: 60}, '1m remain'],
  [shuttingDown, "Its time is up: pressing the guest's power button, 1m of grace"],
  [{...shuttingDown, cause: 'interrupted'}, "Interrupted: pressing the guest's power button, 1m of grace"],
  [{...shuttingDown, cause: 'terminated'}, "Terminated: pressing the guest's power button, 1m of grace"],
  [{...shuttingDown, rung: 'quit'}, 'Its time is up: ending the machine'],
  [{...shuttingDown, cause: 'interrupted', rung: 'kill'}, 'Interrupted: killing the machine'],
  [verdict, 'completed after 1.2s'],
  [
    {...verdict, verdict: {name: 'timed-out', exitCode: 124}, seconds: 3661},
    'timed-out after 1h 1m 1s (exit code 124)',
  ],
])('%j is told as %j', (event, text) => {
  expect(eventText(event)).toBe(text)
})

describe('the time', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  const asked = {...shuttingDown, cause: 'interrupted'} as const
  const pressed = 'its power button is pressed'

  test.each([
    [{...running, timeoutSeconds: 90}, 0, 'runs for 0s, 1m 30s remain'],
    [{...running, timeoutSeconds: 90}, 400, 'runs for 0s, 1m 30s remain'],
    [{...running, timeoutSeconds: 90}, 1000, 'runs for 1s, 1m 29s remain'],
    [{...running, timeoutSeconds: 90}, 65_000, 'runs for 1m 5s, 25s remain'],
    [{...running, timeoutSeconds: 90}, 90_000, 'runs for 1m 30s, 0s remain'],
    [{...running, timeoutSeconds: 90}, 95_000, 'runs for 1m 35s, 0s remain'],
    [asked, 18_000, `interrupted; ${pressed}, 42s of grace left (Ctrl-C ends it at once)`],
    [{...asked, rung: 'quit'}, 18_000, 'interrupted; it is being ended'],
    [{...asked, rung: 'kill'}, 18_000, 'interrupted; it is being ended'],
  ] as const)('of %j is told, after %d ms, as %j', (event, passed, text) => {
    const now = timeText(event, performance.now())
    vi.advanceTimersByTime(passed)
    expect(now()).toBe(text)
  })

  test('is not that of the wall clock, which may be set', () => {
    const now = timeText(running, performance.now())
    vi.setSystemTime(Date.now() + 3_600_000)
    expect(now()).toBe('runs for 0s, 4h remain')
  })
})
