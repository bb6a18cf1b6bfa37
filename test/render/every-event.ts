import type {RunEvent} from '../../src/contract/events.js'
import {GuestError, HostError} from '../../src/errors/errors.js'

/** What acts on a terminal when it is printed as it is. */
export const hostile = '\u001b]0;title\u0007\u001b[2J\r\n\u009b1m\u202e'

/** What must not be in any line: every control character, and what reorders or breaks lines. */
export const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

/** At least one event of each type, with texts of the user's or the guest's in them. */
export function everyEvent(text: string): readonly RunEvent[] {
  const events: {readonly [Type in RunEvent['type']]: readonly Extract<RunEvent, {readonly type: Type}>[]} = {
    'run-started': [
      {type: 'run-started', run: '0123456789ab', instance: text, steps: [{name: 'overlay', title: text}]},
    ],
    'step-started': [{type: 'step-started', step: 'overlay', title: text}],
    'step-progress': [{type: 'step-progress', step: 'overlay', text}],
    'step-done': [{type: 'step-done', step: 'overlay', title: text}],
    'step-failed': [{type: 'step-failed', step: 'overlay', title: text, message: text}],
    'step-skipped': [{type: 'step-skipped', step: 'overlay', title: text}],
    notice: [{type: 'notice', text}],
    'machine-running': [
      {type: 'machine-running', pid: 42, accelerator: text, timeoutSeconds: 600},
      {type: 'machine-running', pid: 42, accelerator: text, timeoutSeconds: 600, sshPort: 2222},
    ],
    'guest-ready': [{type: 'guest-ready', seconds: 2.1}],
    'guest-busy': [{type: 'guest-busy', remainingSeconds: 600}],
    'guest-idle': [{type: 'guest-idle'}],
    'guest-status': [{type: 'guest-status', text}],
    'job-ended': [{type: 'job-ended', exitCode: 7}],
    'guest-rebooted': [{type: 'guest-rebooted'}],
    'config-disk-ejected': [{type: 'config-disk-ejected'}],
    'deadline-near': [{type: 'deadline-near', remainingSeconds: 60}],
    'shutting-down': (['powerdown', 'agent', 'quit', 'kill'] as const).map(rung => ({
      type: 'shutting-down',
      cause: 'timed-out',
      rung,
      graceSeconds: 60,
    })),
    verdict: [
      {type: 'verdict', verdict: {name: 'completed', exitCode: 0}, seconds: 1.25},
      {
        type: 'verdict',
        verdict: {name: 'job-failed', exitCode: 4, job: {exitCode: 7}, consoleTail: [text], logTail: [text]},
        seconds: 1.25,
      },
      {
        type: 'verdict',
        verdict: {name: 'guest-failed', exitCode: 3, error: new GuestError(text)},
        seconds: 1.25,
      },
      {
        type: 'verdict',
        verdict: {name: 'infra-failed', exitCode: 1, error: new HostError(text, {hint: text})},
        seconds: 1.25,
      },
    ],
  }
  return Object.values(events).flat()
}
