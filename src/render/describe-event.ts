import type {RunEvent} from '../contract/events.js'
import type {StopCause} from '../contract/verdict.js'
import {durationText} from '../text/duration.js'
import {printable} from '../text/printable.js'

/**
 * An event as a line for people, without its instance; undefined for those that only say that something is about to
 * be done. Nothing in it can act on a terminal.
 */
export function describeEvent(event: RunEvent): string | undefined {
  const text = sentenceOf(event)
  return text === undefined ? undefined : printable(text)
}

function sentenceOf(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'step-done':
      return event.quiet ? undefined : event.title
    case 'step-failed':
      return `${event.title}: failed`
    case 'notice':
      return event.text
    case 'machine-running':
      return runningText(event)
    case 'guest-rebooted':
      return 'The guest rebooted'
    case 'config-disk-ejected':
      return 'The guest ejected its config disk: it is gone from this host'
    case 'deadline-near':
      return `${durationText(event.remainingSeconds)} remain`
    case 'shutting-down':
      return shuttingDownText(event)
    case 'verdict': {
      const {verdict, seconds: took} = event
      return `${verdict.name} after ${durationText(took)}${verdict.exitCode === 0 ? '' : ` (exit code ${verdict.exitCode})`}`
    }
    case 'run-started':
    case 'step-started':
    case 'step-progress':
    case 'step-skipped':
      return
  }
}

function runningText({sshPort, timeoutSeconds}: Extract<RunEvent, {type: 'machine-running'}>): string {
  const port = sshPort === undefined ? '' : `; 127.0.0.1:${sshPort} leads to its port 22`
  return `The guest runs, for up to ${durationText(timeoutSeconds)}${port}`
}

const causes: Readonly<Record<StopCause, string>> = {
  'timed-out': 'Its time is up',
  interrupted: 'Interrupted',
  terminated: 'Terminated',
}

function shuttingDownText({cause, rung, graceSeconds}: Extract<RunEvent, {type: 'shutting-down'}>): string {
  switch (rung) {
    case 'powerdown':
      return `${causes[cause]}: pressing the guest's power button, ${durationText(graceSeconds)} of grace`
    case 'quit':
      return `${causes[cause]}: ending the machine`
    case 'kill':
      return `${causes[cause]}: killing the machine`
  }
}
