import {readFileSync} from 'node:fs'
import {setTimeout as sleep} from 'node:timers/promises'
import type {Command} from '../e2e/command.js'
import type {Host} from '../e2e/host.js'
import {endingOf, type Outcome, type Round, randomMoment} from './fault.js'

/** SIGKILL to QEMU, or to what is about to become QEMU. */
export async function killQemu({host, random}: Round): Promise<Outcome> {
  const run = host.start('run', 'lasting', '--json')
  await run.printed(/"type":"step-progress","step":"qemu"/u)
  const qemu = await firstQemu(host, run)
  await sleep(random() < 0.5 ? 0 : random() * 300)
  return {struck: kill(qemu), endings: [await endingOf(run)]}
}

/** Waits for QEMU's process; 0 when the run ends without one. */
async function firstQemu(host: Host, run: Command): Promise<number> {
  let over = false
  run.ended.then(
    () => {
      over = true
    },
    () => undefined,
  )
  while (!over) {
    const [qemu] = await host.qemus()
    if (qemu !== undefined) {
      return qemu
    }

    await sleep(1)
  }

  return 0
}

/** How many processes a run starts, at least. */
const helpers = 4

/** SIGKILL to one of those that vmrun starts, as soon as it is there: prlimit, the reaper, setpriv, QEMU. */
export async function killHelper({host, random}: Round): Promise<Outcome> {
  const run = host.start('run', 'brief', '--json')
  const which = Math.floor(random() * helpers)
  const seen = new Set<number>()
  let over = false
  const ending = endingOf(run).finally(() => {
    over = true
  })
  while (!over && seen.size <= which) {
    for (const child of childrenOf(run.pid)) {
      seen.add(child)
    }

    await sleep(0)
  }

  const victim = Array.from(seen)[which]
  return {struck: victim !== undefined && kill(victim), endings: [await ending]}
}

/** SIGKILL to vmrun and all that is in its process group, which is also its session's only one. */
export async function killGroup(round: Round): Promise<Outcome> {
  const run = round.host.startUnder(['setsid'], 'run', 'lasting', '--json')
  const struck = await randomMoment(run, round)
  // Before setsid has made a group of it there is none.
  if (!kill(-run.pid)) {
    run.signal('SIGKILL')
  }

  return {struck, endings: [await endingOf(run)]}
}

/** @returns whether it was there to be killed */
function kill(pid: number): boolean {
  try {
    return pid !== 0 && process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

/** At once, as the process may be gone in a millisecond. */
function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number)
  } catch {
    return []
  }
}
