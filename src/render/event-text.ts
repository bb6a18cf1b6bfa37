import type {RunEvent, ShutdownCause, Verdict} from '../contract/events.js'
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
    case 'guest-ready':
      return `The guest is ready, after ${durationText(event.seconds)}`
    case 'guest-busy':
      return `The guest is busy, for up to ${durationText(event.remainingSeconds)}`
    case 'guest-idle':
      return 'The guest has nothing to do'
    case 'guest-status':
      return `The guest says: ${event.text}`
    case 'job-ended':
      return `The job has ended with exit code ${event.exitCode}`
    case 'config-disk-ejected':
      return 'The guest ejected its config disk: it is gone from this host'
    case 'deadline-near':
      return `${durationText(event.remainingSeconds)} remain`
    case 'shutting-down':
      return `${capitalized(causes[event.cause])}: ${rungText(event)}`
    case 'verdict':
      return verdictText(event)
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

function verdictText({verdict: {name, exitCode, job}, seconds}: EventOf<'verdict'>): string {
  const what = name === 'job-failed' ? `: the job ended with ${job?.exitCode}` : ''
  return `${name} after ${durationText(seconds)}${what}${exitCode === 0 ? '' : ` (exit code ${exitCode})`}`
}

const causes: Readonly<Record<ShutdownCause, string>> = {
  'boot-failed': 'the guest did not say in time that it is ready',
  'timed-out': 'its time is up',
  interrupted: 'interrupted',
  terminated: 'terminated',
  idle: 'the guest has had nothing to do for too long',
  'job-ended': 'the job has ended, and the guest did not power off',
}

function rungText({rung, graceSeconds}: EventOf<'shutting-down'>): string {
  switch (rung) {
    case 'powerdown':
      return `pressing the guest's power button, ${durationText(graceSeconds)} of grace`
    case 'agent':
      return `asking the guest's agent to shut it down, ${durationText(graceSeconds)} of grace`
    case 'quit':
      return 'ending the machine'
    case 'kill':
      return 'killing the machine'
  }
}

/** The last that the guest and its job printed, in lines for people; empty where the verdict has none. */
export function tailText({consoleTail = [], logTail = []}: Verdict): string {
  return [
    titled("The last of the guest's console", consoleTail),
    titled("The last of the job's log", logTail),
  ].join('')
}

function titled(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${title}:\n${lines.map(line => `  ${printable(line)}\n`).join('')}`
}

/** After which there is something new to say of the time. */
export type TimedEvent = EventOf<'machine-running' | 'guest-busy' | 'job-ended' | 'shutting-down'>

/**
 * What to say of the time, from an event on, whenever it is asked.
 *
 * @param since when the event was told, in milliseconds of `performance.now()`
 */
export function timeText(event: TimedEvent, since: number): () => string {
  const elapsed = (): number => performance.now() - since
  if (event.type === 'shutting-down') {
    return () => shutdownText(event, elapsed())
  }

  if (event.type === 'job-ended') {
    return () => `its job has ended with exit code ${event.exitCode}; it is to power off`
  }

  const [does, seconds] =
    event.type === 'machine-running'
      ? ['runs', event.timeoutSeconds]
      : ['has been busy', event.remainingSeconds]
  return () => `${does} for ${inSeconds(elapsed())}, ${inSeconds(seconds * 1000 - elapsed())} remain`
}

function shutdownText({cause, rung, graceSeconds}: EventOf<'shutting-down'>, elapsed: number): string {
  if (rung === 'quit' || rung === 'kill') {
    return `${causes[cause]}; it is being ended`
  }

  const asked = rung === 'agent' ? 'its agent is asked to shut it down' : 'its power button is pressed'
  const left = inSeconds(graceSeconds * 1000 - elapsed)
  return `${causes[cause]}; ${asked}, ${left} of grace left (Ctrl-C ends it at once)`
}

function inSeconds(milliseconds: number): string {
  return durationText(Math.max(0, Math.round(milliseconds / 1000)))
}
