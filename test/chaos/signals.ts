import {setTimeout as sleep} from 'node:timers/promises'
import {endingOf, type Outcome, type Round, randomMoment, stopOnceEjected} from './fault.js'

/** At one of the events of an undisturbed run: in each round at the next one. */
export async function atEvent(round: Round, signal: NodeJS.Signals): Promise<Outcome> {
  const {moments} = round.undisturbed
  const index = round.number % moments.length
  const run = round.host.start('run', 'lasting', '--json')
  if (index > moments.findIndex(moment => moment.includes('config-disk-ejected'))) {
    stopOnceEjected(run)
  }

  const struck = await run.printed(new RegExp(moments[index] ?? '', 'u')).then(
    () => true,
    () => false,
  )
  run.signal(signal)
  return {struck, endings: [await endingOf(run)]}
}

/** At a random moment of a run, which ends by itself in one half of the rounds. */
export async function atRandom(round: Round, signal: NodeJS.Signals): Promise<Outcome> {
  const run = round.host.start('run', round.random() < 0.5 ? 'brief' : 'lasting', '--json')
  const struck = await randomMoment(run, round)
  run.signal(signal)
  return {struck, endings: [await endingOf(run)]}
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGKILL'] as const

/** Several signals, of any kind, at random moments. */
export async function volley(round: Round): Promise<Outcome> {
  const run = round.host.start('run', 'lasting', '--json')
  const struck = await randomMoment(run, round)
  run.signal('SIGINT')
  for (let further = Math.floor(round.random() * 5); further > 0; further--) {
    await sleep(round.random() * 100)
    run.signal(signals[Math.floor(round.random() * signals.length)] ?? 'SIGTERM')
  }

  return {struck, endings: [await endingOf(run)]}
}
