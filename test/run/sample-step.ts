import type {OwnRun} from '../../src/contract/run.js'
import type {Step} from '../../src/contract/step.js'
import {HostError} from '../../src/errors/errors.js'

type Act = (run: OwnRun) => void | Promise<void>

/** A step that does what it is given, and says that it is done. */
export function step(name: string, act: Act = () => undefined, always = false): Step<OwnRun> {
  return {
    name,
    title: `about to ${name}`,
    always,
    plan: async () => ({title: name, commands: []}),
    run: async run => {
      await act(run)
      return `${name}: done`
    },
  }
}

/** A step that runs whatever happened before it. */
export const alwaysStep = (name: string, act?: Act): Step<OwnRun> => step(name, act, true)

/** The act of a step that fails. */
export const fails =
  (error: unknown = new HostError('no disk')) =>
  (): never => {
    throw error
  }
