import {vi} from 'vitest'
import type {Instance} from '../../../src/contract/instance.js'
import {timeoutWatchStep} from '../../../src/run/steps/timeout-watch.js'
import {sampleRun} from '../sample-run.js'
import {type Script, ScriptedMachine} from '../scripted-machine.js'

/** The rungs that a machine was taken down, each with the second of the shutdown at which it was reached. */
export type Rungs = ReadonlyArray<readonly [rung: string, second: number]>

export const powerdown: Rungs = [['powerdown', 0]]

/** Watches over a machine that just started to run. */
export function watch(script: Script, instance: Partial<Instance> = {}) {
  const {run, events} = sampleRun({instance})
  const startedAt = performance.now()
  const rungs: (readonly [string, number])[] = []
  const announced: (readonly [remaining: number, second: number])[] = []
  const {emit} = run
  run.emit = event => {
    const second = (performance.now() - startedAt) / 1000
    if (event.type === 'shutting-down') {
      rungs.push([event.rung, second])
    } else if (event.type === 'deadline-near') {
      announced.push([event.remainingSeconds, second])
    }

    emit(event)
  }
  const machine = new ScriptedMachine(script)
  run.running = {machine, accelerator: 'tcg', since: performance.now()}
  const watched = timeoutWatchStep.run(run, () => undefined)
  watched.catch(() => undefined)
  const done = async (): Promise<string> => {
    await vi.runAllTimersAsync()
    return await watched
  }
  const say = (...lines: readonly string[]): void => {
    run.guest.hear(Buffer.from(lines.map(line => `${line}\n`).join('')))
  }
  const rungsAt = (second: number): Rungs => rungs.map(([rung, at]) => [rung, at - second])
  return {run, events, machine, announced, rungsAt, done, say}
}
