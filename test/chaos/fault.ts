import {setTimeout as sleep} from 'node:timers/promises'
import type {Command} from '../e2e/command.js'
import {eventsOf, type Host} from '../e2e/host.js'

/** How vmrun runs where nothing goes wrong. */
export interface UndisturbedRun {
  /** How long it takes, in milliseconds, from its start to its end. */
  readonly length: number
  /** How much of that is gone when it tells of its first step: nothing of a run is there before. */
  readonly start: number
  /** What the lines begin with that it prints with `--json`, in their order. */
  readonly moments: readonly string[]
}

/** What a fault has to play with. */
export interface Round {
  /** With the instances `brief`, `lasting` and `filling`. */
  readonly host: Host
  readonly random: () => number
  /** Goes up by one from round to round. */
  readonly number: number
  readonly undisturbed: UndisturbedRun
}

/** What came of it. */
export interface Outcome {
  /** Whether the fault hit something that was still running. */
  readonly struck: boolean
  /** How each vmrun ended. */
  readonly endings: readonly string[]
  /** What is wrong beside what is left on the host. */
  readonly wrong?: readonly string[]
}

/** Something bad that happens to a run. Resolves when all that was started has ended. */
export interface Fault {
  readonly name: string
  /** How many of a hundred rounds are its, about. */
  readonly share: number
  readonly strike: (round: Round) => Promise<Outcome>
}

/** The instances that a round's host has. */
export const instances = [
  {name: 'brief', ram: '64M'},
  {name: 'lasting', ram: '64M', 'grace-seconds': 1, config: {action: 'eject'}},
  {name: 'filling', ram: '64M', config: {action: 'fill-disk'}},
] as const

const ejected = /"type":"config-disk-ejected"/u

/** Has a `lasting` run end once its guest has nothing more to do. */
export function stopOnceEjected(run: Command): void {
  run.printed(ejected).then(
    () => run.signal('SIGTERM'),
    // It ended before.
    () => undefined,
  )
}

/** A run has begun: what is printed first, on a terminal and elsewhere. */
const begun = /run-started|Overlay/u

/** Watches one run of each kind, behind one that fills the cache, as on a host that runs many. */
export async function watchUndisturbed(host: Host): Promise<UndisturbedRun> {
  await host.vmrun('run', 'brief')
  const since = performance.now()
  const brief = host.start('run', 'brief', '--json')
  await brief.printed(begun)
  const start = performance.now() - since
  await brief.ended
  const length = performance.now() - since
  const lasting = host.start('run', 'lasting', '--json')
  stopOnceEjected(lasting)
  const moments = eventsOf(await lasting.ended).map(
    ({type, step}) => `"type":"${type}"${step === undefined ? '' : `,"step":"${step}"`}`,
  )
  return {length, start, moments: Array.from(new Set(moments))}
}

/** How long a run may take to end, in milliseconds: one that does not is left to be found. */
const patience = 30_000

/** Waits until a run has ended, and says how. */
export async function endingOf(run: Command): Promise<string> {
  const limit = new AbortController()
  try {
    return await Promise.race([
      run.ended.then(({exitCode}) => (exitCode === null ? 'killed' : String(exitCode))),
      sleep(patience, 'does not end', {signal: limit.signal}),
    ])
  } finally {
    limit.abort()
  }
}

/** Kills a process, or as -PID a group of them. @returns whether it was there to be killed */
export function kill(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

/**
 * Waits for a random time within the length of a run: in a third of the rounds of all of it, in the others of what
 * follows its first event.
 *
 * @returns whether the run still goes on then
 */
export async function randomMoment(run: Command, {random, undisturbed}: Round): Promise<boolean> {
  const {length, start} = undisturbed
  const fromStart = random() < 1 / 3
  const delay = random() * (fromStart ? length : length - start)
  const wait = async (): Promise<boolean> => {
    await (fromStart || run.printed(begun))
    return await sleep(delay, true)
  }
  return await Promise.race([run.ended.then(() => false), wait().catch(() => false)])
}
