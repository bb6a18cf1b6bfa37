import {readFileSync} from 'node:fs'
import {setTimeout as sleep} from 'node:timers/promises'
import {endingOf, type Fault, kill, type Outcome, type Round, randomMoment, stopOnceEjected} from './fault.js'
import {fillDisk, killInMemory} from './memory-disk.js'

/** Everything that happens to vmrun here. */
export const faults: readonly Fault[] = [
  ...signalToVmrun('SIGKILL', 18, 16),
  ...signalToVmrun('SIGTERM', 6, 5),
  ...signalToVmrun('SIGINT', 6, 5),
  ...signalToVmrun('SIGHUP', 6, 5),
  {name: 'several signals at random', share: 3, strike: volley},
  {name: 'SIGKILL to vmrun’s process group at random', share: 5, strike: killGroup},
  {name: 'SIGKILL to QEMU at random', share: 7, strike: killQemu},
  {name: 'SIGKILL to a process that vmrun starts', share: 6, strike: killHelper},
  {name: 'SIGKILL to one run of three', share: 2, strike: killOneOfThree},
  {name: 'SIGKILL to vmrun, space counted', share: 3, strike: killInMemory},
  {name: 'the disk is full', share: 3, strike: fillDisk},
  {name: 'the output is closed', share: 2, strike: closeOutput},
  {name: 'the terminal is gone', share: 2, strike: loseTerminal},
]

function signalToVmrun(signal: NodeJS.Signals, eventShare: number, randomShare: number): readonly Fault[] {
  return [
    {name: `${signal} to vmrun at each event`, share: eventShare, strike: round => atEvent(round, signal)},
    {name: `${signal} to vmrun at random`, share: randomShare, strike: round => atRandom(round, signal)},
  ]
}

/** At one of the events of an undisturbed run: in each round at the next one. */
async function atEvent(
  {host, number, undisturbed: {moments}}: Round,
  signal: NodeJS.Signals,
): Promise<Outcome> {
  const index = number % moments.length
  const run = host.start('run', 'lasting', '--json')
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
async function atRandom(round: Round, signal: NodeJS.Signals): Promise<Outcome> {
  const run = round.host.start('run', round.random() < 0.5 ? 'brief' : 'lasting', '--json')
  const struck = await randomMoment(run, round)
  run.signal(signal)
  return {struck, endings: [await endingOf(run)]}
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGKILL'] as const

/** Several signals, of any kind, at random moments. */
async function volley(round: Round): Promise<Outcome> {
  const run = round.host.start('run', 'lasting', '--json')
  const struck = await randomMoment(run, round)
  run.signal('SIGINT')
  for (let further = Math.floor(round.random() * 5); further > 0; further--) {
    await sleep(round.random() * 100)
    run.signal(signals[Math.floor(round.random() * signals.length)] ?? 'SIGTERM')
  }

  return {struck, endings: [await endingOf(run)]}
}

/** SIGKILL to vmrun and all that is in its process group, which is also its session's only one. */
async function killGroup(round: Round): Promise<Outcome> {
  const run = round.host.startUnder(['setsid'], 'run', 'lasting', '--json')
  const struck = await randomMoment(run, round)
  // Before setsid has made a group of it there is none.
  if (!kill(-run.pid)) {
    run.signal('SIGKILL')
  }

  return {struck, endings: [await endingOf(run)]}
}

/** SIGKILL to QEMU, or to what is about to become QEMU. */
async function killQemu({host, random}: Round): Promise<Outcome> {
  const run = host.start('run', 'lasting', '--json')
  await run.printed(/"type":"step-progress","step":"qemu"/u)
  const ending = endingOf(run)
  const qemu = await firstOf(ending, async () => (await host.qemus())[0])
  await sleep(random() < 0.5 ? 0 : random() * 300)
  return {struck: kill(qemu), endings: [await ending]}
}

/** How many processes a run starts, at least. */
const helpers = 4

/** SIGKILL to one of those that vmrun starts, as soon as it is there: prlimit, the reaper, setpriv, QEMU. */
async function killHelper({host, random}: Round): Promise<Outcome> {
  const run = host.start('run', 'brief', '--json')
  const which = Math.floor(random() * helpers)
  const seen = new Set<number>()
  const ending = endingOf(run)
  const victim = await firstOf(ending, () => {
    for (const child of childrenOf(run.pid)) {
      seen.add(child)
    }

    return Array.from(seen)[which]
  })
  return {struck: kill(victim), endings: [await ending]}
}

/** Looks for a process, again and again, until the run has ended. */
async function firstOf(
  ending: Promise<unknown>,
  look: () => number | undefined | Promise<number | undefined>,
): Promise<number | undefined> {
  const over = ending.then(() => true)
  let pid = await look()
  while (pid === undefined && !(await Promise.race([over, sleep(0, false)]))) {
    pid = await look()
  }

  return pid
}

/** At once, as the process may be gone in a millisecond. */
function childrenOf(pid: number): readonly number[] {
  try {
    const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return pids.trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** One of three runs of a host is killed: the others go on. */
async function killOneOfThree(round: Round): Promise<Outcome> {
  const victim = round.host.start('run', 'lasting', '--json')
  const others = [1, 2].map(() => round.host.start('run', 'brief', '--json'))
  const struck = await randomMoment(victim, round)
  victim.signal('SIGKILL')
  const untouched = await Promise.all(others.map(endingOf))
  const wrong = untouched
    .filter(ending => ending !== '0')
    .map(ending => `an untouched run ended with ${ending}`)
  return {struck, endings: [await endingOf(victim), ...untouched], wrong}
}

/** Whoever reads what vmrun prints is gone after a few lines. */
async function closeOutput({host, random}: Round): Promise<Outcome> {
  const lines = 1 + Math.floor(random() * 10)
  const script = `{ "$@"; echo "ended with $?" >&2; } | head -n ${lines}`
  const run = host.startInShell(script, 'run', 'brief', '--json')
  await endingOf(run)
  const ending = /ended with (?<code>\d+)/u.exec(run.stderr)?.groups?.['code']
  return {struck: true, endings: [ending ?? 'does not end']}
}

/** The terminal goes away, as by a lost connection. */
async function loseTerminal(round: Round): Promise<Outcome> {
  const terminal = round.host.startOnTerminal('run', 'lasting')
  const struck = await randomMoment(terminal, round)
  terminal.signal('SIGKILL')
  await endingOf(terminal)
  return {struck, endings: []}
}
