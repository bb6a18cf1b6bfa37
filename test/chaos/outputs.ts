import {endingOf, type Outcome, type Round, randomMoment} from './fault.js'

/** Whoever reads what vmrun prints is gone after a few lines. */
export async function closeOutput({host, random}: Round): Promise<Outcome> {
  const lines = 1 + Math.floor(random() * 10)
  const run = host.startInShell(
    `{ "$@"; echo "ended with $?" >&2; } | head -n ${lines}`,
    'run',
    'brief',
    '--json',
  )
  await endingOf(run)
  const ending = /ended with (?<code>\d+)/u.exec(run.stderr)?.groups?.['code']
  return {struck: true, endings: [ending ?? 'does not end']}
}

/** The terminal goes away, as by a lost connection. */
export async function loseTerminal(round: Round): Promise<Outcome> {
  const terminal = round.host.startOnTerminal('run', 'lasting')
  const struck = await randomMoment(terminal, round)
  terminal.signal('SIGKILL')
  await endingOf(terminal)
  return {struck, endings: []}
}

/** One of three runs of a host is killed: the others go on. */
export async function killOneOfThree(round: Round): Promise<Outcome> {
  const victim = round.host.start('run', 'lasting', '--json')
  const others = [1, 2].map(() => round.host.start('run', 'brief', '--json'))
  const struck = await randomMoment(victim, round)
  victim.signal('SIGKILL')
  const endings = await Promise.all([victim, ...others].map(endingOf))
  return {
    struck,
    endings,
    wrong: endings
      .slice(1)
      .flatMap(ending => (ending === '0' ? [] : [`an untouched run ended with ${ending}`])),
  }
}
