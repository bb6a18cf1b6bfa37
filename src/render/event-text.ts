import type {RunEvent, StopCause} from '../contract/events.js'
import {capitalized} from '../text/capitalized.js'
import {durationText} from '../text/duration.js'
import {printable} from '../text/printable.js'

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, {readonly type: Type}>

/**
 * An event as a line for people, without its instance; undefined for those that only say that something is about to
 * be done. Nothing in it can act on a terminal.
 */
export function eventText(event: RunEvent): string | undefined {
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
      return `${capitalized(causes[event.cause])}: ${rungText(event)}`
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

function runningText({sshPort, timeoutSeconds}: EventOf<'machine-running'>): string {
  const port = sshPort === undefined ? '' : `; 127.0.0.1:${sshPort} leads to its port 22`
  return `The guest runs, for up to ${durationText(timeoutSeconds)}${port}`
}

const causes: Readonly<Record<StopCause, string>> = {
  'timed-out': 'its time is up',
  interrupted: 'interrupted',
  terminated: 'terminated',
}

function rungText({rung, graceSeconds}: EventOf<'shutting-down'>): string {
  switch (rung) {
    case 'powerdown':
      return `pressing the guest's power button, ${durationText(graceSeconds)} of grace`
    case 'quit':
      return 'ending the machine'
    case 'kill':
      return 'killing the machine'
  }
}

/**
 * What to say of the time, from an event on, whenever it is asked.
 *
 * @param since when the event was told, in milliseconds of `performance.now()`
 */
export function timeText(event: EventOf<'machine-running' | 'shutting-down'>, since: number): () => string {
  if (event.type === 'machine-running') {
    return () => {
      const elapsed = performance.now() - since
      return `runs for ${inSeconds(elapsed)}, ${inSeconds(event.timeoutSeconds * 1000 - elapsed)} remain`
    }
  }

  const {cause, rung, graceSeconds} = event
  if (rung !== 'powerdown') {
    return () => `${causes[cause]}; it is being ended`
  }

  return () => {
    const left = graceSeconds * 1000 - (performance.now() - since)
    return `${causes[cause]}; its power button is pressed, ${inSeconds(left)} of grace left (Ctrl-C ends it at once)`
  }
}

function inSeconds(milliseconds: number): string {
  return durationText(Math.max(0, Math.round(milliseconds / 1000)))
}
